import { z } from 'zod';
import type { BusRecord } from '../bus/record.js';
import type { OutboxMessage } from '../domain/outbox-message.js';
import type { DeadLetterReason } from '../domain/reason.js';
import { storableText } from '../domain/storable-text.js';
import { uuidv7 } from '../domain/uuid.js';
import type { NewDeadLetter } from '../store/insert-dead-letters.js';
import type { Seal } from '../store/sealing.js';
import type { Incoming } from './incoming.js';
import { bytesOf, MAX_EVENT_BYTES } from './read-records.js';
import { recordTime } from './record-time.js';

export const DEAD_LETTER_TOPIC = 'communications.dead-letter';
/** Longer ones are kept sealed only. */
const MAX_KEY_BYTES = 1_000;

/** Headers that name things rather than hold them; the others are kept sealed only. */
const SAFE_HEADERS = [
  'ce_specversion',
  'ce_id',
  'ce_source',
  'ce_type',
  'ce_subject',
  'ce_time',
  'content-type',
  'traceparent',
];

export interface DeadLetter {
  readonly row: NewDeadLetter;
  readonly message: OutboxMessage;
}

export interface Fault {
  readonly reason: DeadLetterReason;
  /** What is wrong and where, never a value of the event. */
  readonly detail: string;
  /** `<module>/<rule>`, or empty: the event as a whole. */
  readonly rule: string;
}

/** Keeps what could not be used: sealed, since any bytes may hold a code, with the reason in clear. */
export function buildDeadLetter(incoming: Incoming, fault: Fault, seal: Seal): DeadLetter {
  const { record, event, identity } = incoming;
  const id = uuidv7();
  return {
    row: {
      id,
      topic: event,
      partition: record.partition,
      offset: record.offset,
      rule: fault.rule,
      reason: fault.reason,
      detail: fault.detail,
      sealed: seal.seal(encodeRecord(record), deadLetterSealedFor(id)),
      headers: Object.fromEntries(
        SAFE_HEADERS.flatMap((name) => {
          const value = record.headers[name];
          return value === undefined ? [] : [[name, storableText(value.toString('utf8'), 255)]];
        }),
      ),
      eventType: storableText(identity.type, 120),
      source: storableText(identity.source, 255),
      eventId: storableText(identity.id, 255),
      recordTime: recordTime(record),
    },
    message: {
      topic: DEAD_LETTER_TOPIC,
      ...publishable(record, seal, id),
      subject: null,
      headers: springHeaders(record, fault, id),
    },
  };
}

/** For an event of which the table refuses what it says of itself: that is in the sealed bytes all the same. */
export function buildBareDeadLetter(incoming: Incoming, fault: Fault, seal: Seal): DeadLetter {
  const { row, message } = buildDeadLetter(incoming, fault, seal);
  const bare = { headers: {}, eventType: incoming.event, source: null, eventId: null };
  return { row: { ...row, ...bare }, message };
}

export const deadLetterSealedFor = (id: string): string => `communications_dead_letter/${id}`;

/** What is too large for the topic stays in the table only, or it would hold up all that follow. */
function publishable(record: BusRecord, seal: Seal, id: string): Pick<OutboxMessage, 'key' | 'value'> {
  const fits = bytesOf(record) <= MAX_EVENT_BYTES;
  const value = seal.seal((fits ? record.value : null) ?? Buffer.alloc(0), deadLetterSealedFor(id));
  const short = (record.key?.length ?? 0) <= MAX_KEY_BYTES;
  return { key: short ? record.key : null, value };
}

/** As Spring Kafka's DeadLetterPublishingRecoverer writes them. */
function springHeaders(record: BusRecord, fault: Fault, id: string): Record<string, Buffer> {
  const partition = Buffer.alloc(4);
  partition.writeInt32BE(record.partition);
  const long = (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return bytes;
  };
  return {
    'kafka_dlt-original-topic': Buffer.from(record.topic),
    'kafka_dlt-original-partition': partition,
    'kafka_dlt-original-offset': long(record.offset),
    'kafka_dlt-original-timestamp': long(int64(record.timestamp)),
    'kafka_dlt-exception-fqcn': Buffer.from(fault.reason),
    'kafka_dlt-exception-message': Buffer.from(fault.rule ? `${fault.rule}: ${fault.detail}` : fault.detail),
    comms_dead_letter_id: Buffer.from(id),
  };
}

/** A number can't hold the greatest of 64 bits exactly. */
function int64(timestamp: number): bigint {
  const greatest = 2n ** 63n - 1n;
  const exact = BigInt(timestamp);
  return exact > greatest ? greatest : exact;
}

/** Key, value, headers and timestamp, so that a retry reads the very same record. */
function encodeRecord({ key, value, headers, timestamp }: BusRecord): Buffer {
  const base64 = (bytes: Buffer | null) => bytes?.toString('base64') ?? null;
  const named = Object.entries(headers).map(([name, bytes]) => [name, bytes.toString('base64')]);
  return Buffer.from(
    JSON.stringify({
      key: base64(key),
      value: base64(value),
      headers: Object.fromEntries(named),
      timestamp,
    }),
  );
}

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const keptRecord = z.object({
  key: base64.nullable(),
  value: base64.nullable(),
  headers: z.record(z.string(), base64),
  timestamp: z.number(),
});

/** What encodeRecord kept. @throws if the bytes are not what it wrote */
export const decodeRecord = (bytes: Buffer): Pick<BusRecord, 'key' | 'value' | 'headers' | 'timestamp'> =>
  keptRecord.parse(JSON.parse(bytes.toString('utf8')));
