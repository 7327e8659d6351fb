import avsc from 'avsc';
import type { DeadLetterReason } from '../domain/reason.js';
import type { Contract, Contracts } from './contract.js';
import { FRAME_BYTES } from './encode.js';
import { logicalTypes } from './logical-types.js';
import type { RawSchema, Registry } from './registry.js';
import { RegistryUnavailable } from './registry-unavailable.js';
import { assertWellFormed, Malformed } from './well-formed.js';

export type Decoded<Value = unknown> = { readonly ok: true; readonly value: Value } | Undecoded;
/** A dead letter. The message never quotes the value. */
export interface Undecoded {
  readonly ok: false;
  readonly reason: DeadLetterReason;
  readonly message: string;
}

/** The registry says there is no such schema, but may only be behind: pause until then and ask again. */
export class SchemaNotYetKnown extends Error {
  override readonly name = 'SchemaNotYetKnown';
  constructor(
    readonly schemaId: number,
    readonly until: Date,
  ) {
    super(`the registry does not know schema ${schemaId}; it is asked again until ${until.toISOString()}`);
  }
}

/** `EventTypes` is `Events` of src/generated/events.ts: event name to decoded value. */
export interface Decoder<EventTypes> {
  /** Undefined as long as the writer's schema must be learnt first. Throws only for an event without contract. */
  tryDecode<N extends keyof EventTypes & string>(
    event: N,
    value: Buffer | null,
  ): Decoded<EventTypes[N]> | undefined;
  tryDecode(event: string, value: Buffer | null): Decoded | undefined;
  /**
   * Makes the writer of this value known.
   * @param writtenAt of the record, in milliseconds since 1970; without it: now
   * @throws RegistryUnavailable, SchemaNotYetKnown
   */
  learn(value: Buffer, writtenAt?: number): Promise<void>;
  /**
   * Asks for ids that were never asked for, so that those who must wait wait beside each other. What can't be
   * framed is left alone; a registry that fails is left to whoever asks next.
   */
  askAhead(values: readonly (Buffer | null)[]): Promise<void>;
  /** tryDecode, learning first where need be. @throws RegistryUnavailable, SchemaNotYetKnown */
  decode<N extends keyof EventTypes & string>(
    event: N,
    value: Buffer | null,
    writtenAt?: number,
  ): Promise<Decoded<EventTypes[N]>>;
  decode(event: string, value: Buffer | null, writtenAt?: number): Promise<Decoded>;
}

export interface DecoderOptions {
  readonly contracts: Contracts;
  readonly registry: Pick<Registry, 'schemaById'>;
  readonly now: () => Date;
  /** For how long an id that the registry doesn't know is asked for again, in milliseconds. */
  readonly unknownGraceMs?: number;
}

const UNKNOWN_GRACE_MS = 60_000;
/** A schema may be registered after its first events were dead-lettered. */
const ASK_AGAIN_MS = 60_000;
/** Random bytes can name any id; what is forgotten is asked for again. */
const MAX_UNKNOWN = 10_000;
/** Who waits for a schema asks every second; a registry that nobody asked for longer may have been away. */
const ANSWERS_PAUSE_MS = 5_000;
/** At once, so that a chunk of garbage holds up neither its consumer nor the registry; the rest has its turn later. */
const MOST_ASKED_AHEAD = 32;

/** Decodes Confluent-framed Avro; everything is compiled once per writer, then synchronous. */
export function createDecoder<EventTypes>(options: DecoderOptions): Decoder<EventTypes> {
  const { contracts, registry, now, unknownGraceMs = UNKNOWN_GRACE_MS } = options;
  const writers = new Map<number, RawSchema>();
  const unknown = new Map<number, Unknown>();
  const resolutions = new Map<string, Resolution | Undecoded>();
  const answers = createAnswers();

  /** Asked for long enough, and not so long ago that the answer may have changed. */
  function isGivenUp(id: number): boolean {
    const { since, lastAsked } = unknown.get(id) ?? {};
    if (since === undefined || lastAsked === undefined) return false;
    return lastAsked - since >= unknownGraceMs && now().getTime() - lastAsked < ASK_AGAIN_MS;
  }

  function tryDecode<Value>(event: string, value: Buffer | null): Decoded<Value> | undefined {
    const contract = contracts.of(event);
    if (value === null || value.length === 0) return EMPTY;
    const bad = badFrame(value);
    if (bad !== null) return bad;
    const id = value.readInt32BE(1);
    const writer = writers.get(id);
    if (writer === undefined) return isGivenUp(id) ? unknownSchema(id) : undefined;
    const key = `${id}/${event}`;
    const resolution = resolutions.get(key) ?? resolve(contract, writer);
    resolutions.set(key, resolution);
    return 'reason' in resolution ? resolution : read(contract, resolution, value.subarray(FRAME_BYTES));
  }

  async function learn(value: Buffer, writtenAt = now().getTime()) {
    const id = value.readInt32BE(1);
    if (writers.has(id)) return;
    const schema = await ask(id);
    if (schema === 'unknown') return noteUnknown(id, writtenAt);
    writers.set(id, schema);
    unknown.delete(id);
  }

  async function ask(id: number): Promise<RawSchema | 'unknown'> {
    try {
      const schema = await registry.schemaById(id);
      answers.came(now().getTime());
      return schema;
    } catch (error) {
      answers.failed();
      throw error;
    }
  }

  /**
   * An id has a minute from when it is first asked for. If the registry has answered all through a minute in which
   * the record was there already, that was it: garbage may name another id in each record.
   * @throws SchemaNotYetKnown while it is worth asking again
   */
  function noteUnknown(id: number, writtenAt: number): void {
    const lastAsked = now().getTime();
    const hadItsMinute = Math.max(answers.since(), writtenAt) <= lastAsked - unknownGraceMs;
    const since = hadItsMinute ? lastAsked - unknownGraceMs : (unknown.get(id)?.since ?? lastAsked);
    unknown.set(id, { since, lastAsked });
    for (const oldest of unknown.keys()) {
      if (unknown.size <= MAX_UNKNOWN) break;
      unknown.delete(oldest);
    }
    if (!isGivenUp(id)) throw new SchemaNotYetKnown(id, new Date(since + unknownGraceMs));
  }

  async function askAhead(values: readonly (Buffer | null)[]): Promise<void> {
    const ids = new Map<number, Buffer>();
    for (const value of values) {
      if (value === null || badFrame(value) !== null) continue;
      const id = value.readInt32BE(1);
      if (!unknown.has(id) && ids.size < MOST_ASKED_AHEAD) ids.set(id, value);
    }
    const asked = await Promise.allSettled([...ids.values()].map((value) => learn(value)));
    for (const answer of asked) {
      if (answer.status === 'fulfilled') continue;
      const why: unknown = answer.reason;
      if (!(why instanceof SchemaNotYetKnown || why instanceof RegistryUnavailable)) throw why;
    }
  }

  async function decode<Value>(
    event: string,
    value: Buffer | null,
    writtenAt?: number,
  ): Promise<Decoded<Value>> {
    const known = tryDecode<Value>(event, value);
    if (known !== undefined) return known;
    if (value === null) return EMPTY;
    await learn(value, writtenAt);
    return tryDecode<Value>(event, value) ?? unknownSchema(value.readInt32BE(1));
  }

  return { tryDecode, learn, askAhead, decode };
}

/** Since when the registry has answered whenever it was asked, without a longer pause. Milliseconds since 1970. */
function createAnswers() {
  let since = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  return {
    came(at: number) {
      if (since > at || at - last > ANSWERS_PAUSE_MS) since = at;
      last = at;
    },
    failed() {
      since = Number.POSITIVE_INFINITY;
    },
    since: () => since,
  };
}

/** Times in milliseconds since 1970. */
interface Unknown {
  readonly since: number;
  readonly lastAsked: number;
}

interface Resolution {
  readonly writer: avsc.Type;
  readonly resolver: ReturnType<avsc.Type['createResolver']>;
}

const failed = (reason: DeadLetterReason, message: string): Undecoded => ({ ok: false, reason, message });
const EMPTY = failed('empty_value', 'the record has no value');
const unknownSchema = (id: number) =>
  failed('unknown_schema', `the registry knows no schema ${id}; register it, then retry`);

function badFrame(value: Buffer): Undecoded | null {
  if (value[0] !== 0) return failed('undecodable', 'the first byte is not 0: no Confluent wire format');
  if (value.length < FRAME_BYTES) {
    return failed('undecodable', `${value.length} bytes are too few for the Confluent wire format`);
  }
  return null;
}

/** Compiles writer → reader; a writer that can't be read is remembered as such. */
function resolve(contract: Contract, schema: RawSchema): Resolution | Undecoded {
  if (schema.type !== 'AVRO') return failed('schema_mismatch', `written as ${schema.type}, not as Avro`);
  try {
    const writer = avsc.Type.forSchema(JSON.parse(schema.text), { logicalTypes, omitRecordMethods: true });
    return { writer, resolver: contract.type.createResolver(writer) };
  } catch (error) {
    // Schemas hold no values, so the reason may be told.
    const why = error instanceof Error ? error.message : String(error);
    return failed('schema_mismatch', `what was written can't be read as ${contract.record}: ${why}`);
  }
}

function read<Value>(contract: Contract, { writer, resolver }: Resolution, body: Buffer): Decoded<Value> {
  try {
    assertWellFormed(writer, body);
    // avsc types its result as any; the contract that Value was generated from is what reads it.
    return { ok: true, value: contract.type.fromBuffer(body, resolver) };
  } catch (error) {
    const told = error instanceof Malformed || error instanceof RangeError;
    const what = told ? error.message : 'the bytes do not follow their schema';
    return failed('undecodable', `${contract.record}: ${what}`);
  }
}
