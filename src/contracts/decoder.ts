import type { DeadLetterReason } from '../domain/reason.js';
import type { Contracts } from './contract.js';
import type { Registry } from './registry.js';

export type Decoded<Value = unknown> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: DeadLetterReason; readonly message: string };

/** The registry says there is no such schema, but may only be behind: pause until then and ask again. */
export class SchemaNotYetKnown extends Error {
  override readonly name = 'SchemaNotYetKnown';
  constructor(
    readonly schemaId: number,
    readonly until: Date,
  ) {
    super(`the registry does not know schema ${schemaId}; asking again until ${until.toISOString()}`);
  }
}

/** `EventTypes` is `Events` of src/generated/events.ts: event name to decoded value. */
export interface Decoder<EventTypes> {
  /** Undefined as long as the writer's schema must be learnt first. Never throws. */
  tryDecode<N extends keyof EventTypes & string>(
    event: N,
    value: Buffer | null,
  ): Decoded<EventTypes[N]> | undefined;
  /** Makes the writer of this value known. @throws RegistryUnavailable, SchemaNotYetKnown */
  learn(event: string, value: Buffer): Promise<void>;
  /** Both. @throws RegistryUnavailable, SchemaNotYetKnown */
  decode<N extends keyof EventTypes & string>(
    event: N,
    value: Buffer | null,
  ): Promise<Decoded<EventTypes[N]>>;
}

export interface DecoderOptions {
  readonly contracts: Contracts;
  readonly registry: Pick<Registry, 'schemaById'>;
  readonly now: () => Date;
  /** How long an unknown schema id is asked for again. */
  readonly unknownGraceMs?: number;
}

export function createDecoder<EventTypes>(_options: DecoderOptions): Decoder<EventTypes> {
  throw new Error('not yet');
}
