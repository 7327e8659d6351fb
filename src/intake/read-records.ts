import type { BusRecord } from '../bus/record.js';
import { UNREADABLE_BATCH_HEADER } from '../bus/unreadable-batch.js';
import type { Contracts } from '../contracts/contract.js';
import { type Decoder, SchemaNotYetKnown } from '../contracts/decoder.js';
import { RegistryUnavailable } from '../contracts/registry-unavailable.js';
import type { DeadLetterReason } from '../domain/reason.js';
import type { Turns } from '../domain/turns.js';
import type { Events } from '../generated/events.js';
import { eventIdentity } from './event-identity.js';
import { type Content, type Incoming, PROFILE_EVENT, type RuledEventName } from './incoming.js';

/** Key and value: a dead letter of them must still fit into a record of 1 MiB. */
export const MAX_EVENT_BYTES = 900_000;

export const bytesOf = ({ key, value }: BusRecord): number => (key?.length ?? 0) + (value?.length ?? 0);

export interface ReadOptions {
  readonly contracts: Contracts;
  readonly decoder: Decoder<Events>;
  /** KAFKA_TOPIC_PREFIX */
  readonly topicPrefix: string;
  readonly turns?: Turns;
}

/** What could be read, and why it ended early if it did: the registry has to be asked again. */
export interface Reading {
  readonly incoming: readonly Incoming[];
  readonly interrupted: SchemaNotYetKnown | RegistryUnavailable | null;
}

/** Decodes records in their order, up to the first whose schema can't be learnt for now. */
export async function readRecords(records: readonly BusRecord[], options: ReadOptions): Promise<Reading> {
  const incoming: Incoming[] = [];
  for (const [position, record] of records.entries()) {
    const event = record.topic.slice(options.topicPrefix.length);
    const turn = options.turns?.next();
    if (turn) await turn;
    try {
      const content = await read(record, event, options);
      incoming.push({ record, event, identity: eventIdentity(record, event), ...content });
    } catch (error) {
      if (error instanceof RegistryUnavailable) return { incoming, interrupted: error };
      if (!(error instanceof SchemaNotYetKnown)) throw error;
      await options.decoder.askAhead(records.slice(position + 1).map(({ value }) => value));
      return { incoming, interrupted: error };
    }
  }
  return { incoming, interrupted: null };
}

const bad = (reason: DeadLetterReason, message: string): Content => ({ kind: 'bad', reason, message });

async function read(record: BusRecord, event: string, { decoder, contracts }: ReadOptions): Promise<Content> {
  const { value } = record;
  const unreadable = record.headers[UNREADABLE_BATCH_HEADER];
  if (unreadable !== undefined) return bad('undecodable', unreadable.toString());
  const bytes = bytesOf(record);
  if (bytes > MAX_EVENT_BYTES) {
    return bad('too_large', `key and value have ${bytes} bytes; ${MAX_EVENT_BYTES} are the most`);
  }
  if (event === PROFILE_EVENT) {
    if (value === null) return tombstone(record.key);
    const decoded = decoder.tryDecode(event, value) ?? (await decoder.decode(event, value, record.timestamp));
    return decoded.ok ? { kind: 'profile', value: decoded.value } : bad(decoded.reason, decoded.message);
  }
  if (!isRuled(event, contracts))
    return bad('no_rule', `there is no schema of ${event} that rules can be for`);
  const decoded = decoder.tryDecode(event, value) ?? (await decoder.decode(event, value, record.timestamp));
  return decoded.ok ? { kind: 'event', value: decoded.value } : bad(decoded.reason, decoded.message);
}

const isRuled = (event: string, contracts: Contracts): event is RuledEventName =>
  contracts.find(event)?.kind === 'event';

function tombstone(key: Buffer | null): Content {
  const text = key?.toString('utf8') ?? '';
  const userId = Number(text);
  return /^\d{1,15}$/.test(text)
    ? { kind: 'tombstone', userId }
    : bad('undecodable', 'a tombstone of profile.updated whose key is no user id');
}
