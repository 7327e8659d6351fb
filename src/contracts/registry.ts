/** What a registry holds under an id. */
export interface RawSchema {
  /** AVRO, PROTOBUF, JSON. */
  readonly type: string;
  readonly text: string;
}

export type Registered =
  | { readonly kind: 'registered' | 'unchanged'; readonly id: number }
  | { readonly kind: 'incompatible'; readonly message: string };

export interface Registry {
  /** Coalesced while under way, kept for ever once known. @throws RegistryUnavailable */
  schemaById(id: number): Promise<RawSchema | 'unknown'>;
  /** Sets FULL_TRANSITIVE, checks, then registers. @throws RegistryUnavailable */
  register(subject: string, schema: string): Promise<Registered>;
  /** @throws RegistryUnavailable */
  ping(): Promise<void>;
}

/** The registry can't be asked now: down, slow, refusing the login, or not a registry. Wait and ask again. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable';
}

export interface RegistryOptions {
  /** E.g. http://localhost:8081 or …/apis/ccompat/v7. */
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly timeoutMs: number;
}

export function createRegistry(_options: RegistryOptions): Registry {
  throw new Error('not yet');
}
