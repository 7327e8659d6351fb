import type { Kafka } from 'kafkajs';
import { z } from 'zod';
import { lag } from '../../src/bus/lag.js';
import type { Database } from '../../src/store/database.js';

const trace = z.object({
  kind: z.enum(['inbox', 'dead letter', 'skipped', 'parked', 'duplicate']),
  /** Without prefix. */
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  rule: z.string().nullable(),
  /** recipient_key, or what a parked rule waits for. */
  who: z.string().nullable(),
  channel: z.enum(['email', 'sms']).nullable(),
  reason: z.string().nullable(),
  event_id: z.string().nullable(),
  event_time: z.date(),
});
/** What the database holds of a record: that it is there, and what is no message and so has no status on the bus. */
export type Trace = Readonly<z.infer<typeof trace>>;

export type RecordPlace = Pick<Trace, 'topic' | 'partition' | 'offset'>;

export const recordName = ({ topic, partition, offset }: RecordPlace): string =>
  `${topic}/${partition}/${offset}`;

export interface TracesOptions {
  readonly database: Database;
  readonly kafka: Kafka;
  /** The service's. */
  readonly groupId: string;
  readonly topicPrefix: string;
}

/** @param unseen records of which nothing has been seen: one that the service has read and not kept is a duplicate */
export async function findTraces(
  { database, ...bus }: TracesOptions,
  unseen: readonly RecordPlace[],
): Promise<readonly Trace[]> {
  // Offsets first: what they cover has its rows already.
  const read =
    unseen.length === 0 ? null : await readUpTo(bus, [...new Set(unseen.map(({ topic }) => topic))]);
  const all = await database.rows(SQL, [], trace);
  const kept = new Set(all.map(recordName));
  const isRead = ({ topic, partition, offset }: RecordPlace) =>
    offset < (read?.get(`${topic}/${partition}`) ?? 0);
  const duplicates = unseen.filter((one) => !kept.has(recordName(one)) && isRead(one));
  return [...all, ...duplicates.map((record) => ({ ...NOTHING_KEPT, ...record, event_time: new Date() }))];
}

const NOTHING_KEPT = {
  kind: 'duplicate',
  rule: null,
  who: null,
  channel: null,
  reason: null,
  event_id: null,
} as const;

/** Next offset to be read, by topic and partition. */
async function readUpTo(
  { kafka, groupId, topicPrefix }: Omit<TracesOptions, 'database'>,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const lags = await lag(
    kafka,
    groupId,
    topics.map((topic) => `${topicPrefix}${topic}`),
  );
  return new Map(
    lags.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, committed }) => [
        `${topic.slice(topicPrefix.length)}/${partition}`,
        Number(committed ?? 0n),
      ]),
    ),
  );
}

const OF_INBOX = 'i.topic, i.partition, i."offset", i.event_id, i.event_time';

const SQL = `
SELECT 'inbox' AS kind, ${OF_INBOX}, NULL AS rule, NULL AS who, NULL AS channel, NULL AS reason
  FROM communications_inbox i
UNION ALL
SELECT 'dead letter', topic, partition, "offset", event_id, record_time, nullif(rule, ''), NULL, NULL, reason
  FROM communications_dead_letter
UNION ALL
SELECT 'skipped', ${OF_INBOX}, s.rule, s.recipient_key, s.channel, s.reason
  FROM communications_skip s JOIN communications_inbox i ON i.id = s.event_ref
UNION ALL
SELECT 'parked', ${OF_INBOX}, p.rule, p.wait_for, NULL, NULL
  FROM communications_parked p JOIN communications_inbox i ON i.id = p.event_ref`;
