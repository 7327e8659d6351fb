import { z } from 'zod';
import { createRegistryHttp, type RegistryHttp, type RegistryOptions } from './registry-http.js';
import { RegistryUnavailable } from './registry-unavailable.js';

/** What a registry holds under an id. */
export interface RawSchema {
  /** AVRO, PROTOBUF, JSON. */
  readonly type: string;
  /** As it was registered, tags and docs included. */
  readonly text: string;
}

export type Registered =
  | { readonly kind: 'registered' | 'unchanged'; readonly id: number }
  | { readonly kind: 'incompatible'; readonly message: string };

/** What registering would come to. */
export type Checked =
  | { readonly kind: 'unchanged'; readonly id: number }
  | { readonly kind: 'compatible' }
  | { readonly kind: 'incompatible'; readonly message: string };

export interface Registry {
  /** Coalesced while under way, kept for ever once known; 'unknown' is asked again. @throws RegistryUnavailable */
  schemaById(id: number): Promise<RawSchema | 'unknown'>;
  /** Sets FULL_TRANSITIVE, checks, then registers. @throws RegistryUnavailable */
  register(subject: string, schema: string): Promise<Registered>;
  /** Registers nothing and sets nothing. @throws RegistryUnavailable */
  check(subject: string, schema: string): Promise<Checked>;
  /** @throws RegistryUnavailable */
  ping(): Promise<void>;
}

const COMPATIBILITY = 'FULL_TRANSITIVE';
const SCHEMA_NOT_FOUND = 40403;

const schemaBody = z.object({ schema: z.string(), schemaType: z.string().nullish() });
const idBody = z.object({ id: z.number().int() });
const verdictBody = z.object({
  is_compatible: z.boolean(),
  // Confluent lists messages, Apicurio gives one reason, null where all is well.
  messages: z.array(z.string()).nullish(),
  reason: z.string().nullish(),
});

/**
 * The Confluent API, as Confluent, Apicurio, Karapace and Redpanda speak it. Plain HTTP: the client library
 * of kafkajs drops tags, tells a missing schema from a missing registry by message only, and has no timeout.
 */
export function createRegistry(options: RegistryOptions): Registry {
  const http = createRegistryHttp(options);
  const asked = new Map<number, Promise<RawSchema | 'unknown'>>();

  return {
    schemaById(id) {
      const earlier = asked.get(id);
      if (earlier !== undefined) return earlier;
      const asking = fetchSchema(http, id);
      asked.set(id, asking);
      const forget = () => asked.delete(id);
      asking.then((found) => found === 'unknown' && forget(), forget);
      return asking;
    },
    async register(subject, schema) {
      await setCompatibility(http, subject);
      const known = await idOf(http, subject, schema);
      return known === null ? registerNew(http, subject, schema) : { kind: 'unchanged', id: known };
    },
    async check(subject, schema) {
      const known = await idOf(http, subject, schema);
      return known === null ? checkNew(http, subject, schema) : { kind: 'unchanged', id: known };
    },
    async ping() {
      await http.request('GET', '/subjects');
    },
  };
}

async function fetchSchema(http: RegistryHttp, id: number): Promise<RawSchema | 'unknown'> {
  const answer = await http.request('GET', `/schemas/ids/${id}`);
  if (answer.ok) {
    const { schema, schemaType } = read(schemaBody, answer.body);
    // Avro is what goes without saying.
    return { type: schemaType ?? 'AVRO', text: schema };
  }
  if (answer.code === SCHEMA_NOT_FOUND) return 'unknown';
  throw new RegistryUnavailable(
    `the schema registry refused schema ${id}: ${answer.message} (${answer.code})`,
  );
}

async function setCompatibility(http: RegistryHttp, subject: string): Promise<void> {
  const answer = await http.request('PUT', `/config/${encodeURIComponent(subject)}`, {
    compatibility: COMPATIBILITY,
  });
  if (!answer.ok) {
    throw new RegistryUnavailable(
      `${subject} can't be set to ${COMPATIBILITY}: ${answer.message} (${answer.code})`,
    );
  }
}

async function idOf(http: RegistryHttp, subject: string, schema: string): Promise<number | null> {
  const answer = await http.request('POST', `/subjects/${encodeURIComponent(subject)}`, { schema });
  return answer.ok ? read(idBody, answer.body).id : null;
}

async function registerNew(http: RegistryHttp, subject: string, schema: string): Promise<Registered> {
  const checked = await checkNew(http, subject, schema);
  if (checked.kind === 'incompatible') return checked;
  const answer = await http.request('POST', `/subjects/${encodeURIComponent(subject)}/versions`, { schema });
  if (answer.ok) return { kind: 'registered', id: read(idBody, answer.body).id };
  return { kind: 'incompatible', message: answer.message };
}

async function checkNew(
  http: RegistryHttp,
  subject: string,
  schema: string,
): Promise<Exclude<Checked, { kind: 'unchanged' }>> {
  const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions?verbose=true`;
  const answer = await http.request('POST', path, { schema });
  // A subject without versions is refused here (404) and has nothing to be compatible with.
  if (!answer.ok) return { kind: 'compatible' };
  const verdict = read(verdictBody, answer.body);
  return verdict.is_compatible ? { kind: 'compatible' } : { kind: 'incompatible', message: whyNot(verdict) };
}

function whyNot({ messages, reason }: z.infer<typeof verdictBody>): string {
  return reason ?? messages?.join('; ') ?? 'the registry gives no reason';
}

function read<T>(shape: z.ZodType<T>, body: unknown): T {
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  throw new RegistryUnavailable(
    `the schema registry gave an unforeseen answer: ${z.prettifyError(result.error)}`,
  );
}
