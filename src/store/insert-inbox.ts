import { z } from 'zod';
import { numberOf, type Row } from './columns.js';
import type { Statements } from './database.js';

export interface InboxEntry {
  readonly source: string;
  readonly eventId: string;
  readonly eventType: string;
  /** Without prefix. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly digest: Buffer;
  readonly eventTime: Date;
  readonly subject: string | null;
  readonly traceparent: string | null;
  readonly actorId: number | null;
}

/**
 * Enters events, each identity once for ever. Only what comes back is new and may lead to a message.
 * @param entries no identity twice
 * @returns inbox id by position in `entries`; a position that is missing was there before
 */
export async function insertInbox(
  db: Statements,
  entries: readonly InboxEntry[],
): Promise<ReadonlyMap<number, number>> {
  if (entries.length === 0) return new Map();
  const rows = await db.rows(INSERT, [JSON.stringify(entries.map(toJson))], inserted, { name: 'inbox' });
  return new Map(rows.map(({ ord, id }) => [ord, id]));
}

export interface OnRecord {
  /** Inbox id. */
  readonly id: number;
  readonly digest: Buffer;
}

/** What is on record of identities that were there before, by position. */
export async function knownInInbox(
  db: Statements,
  identities: readonly Pick<InboxEntry, 'source' | 'eventId'>[],
): Promise<ReadonlyMap<number, OnRecord>> {
  if (identities.length === 0) return new Map();
  const sources = identities.map(({ source }) => source);
  const ids = identities.map(({ eventId }) => eventId);
  const rows = await db.rows(KNOWN, [sources, ids], known);
  return new Map(rows.map(({ ord, ...row }) => [ord, row]));
}

const inserted = { parse: (row: Row) => ({ ord: numberOf(row, 'ord'), id: numberOf(row, 'id') }) };
const known = z.object({ ord: z.number(), id: z.number(), digest: z.instanceof(Buffer) });

const toJson = (entry: InboxEntry, ord: number) => ({
  ord,
  source: entry.source,
  event_id: entry.eventId,
  event_type: entry.eventType,
  topic: entry.topic,
  partition: entry.partition,
  offset: entry.offset.toString(),
  digest: entry.digest.toString('base64'),
  event_time: entry.eventTime,
  subject: entry.subject,
  traceparent: entry.traceparent,
  actor_id: entry.actorId,
});

// Sorted by identity: two instances that read the same records then wait for each other and don't deadlock.
const INSERT = `
WITH e AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS e(
    ord integer, source text, event_id text, event_type text, topic text, partition integer, "offset" bigint,
    digest text, event_time timestamptz, subject text, traceparent text, actor_id bigint)
), inserted AS (
  INSERT INTO communications_inbox
    (source, event_id, event_type, topic, partition, "offset", digest, event_time, subject, traceparent, actor_id)
  SELECT source, event_id, event_type, topic, partition, "offset", decode(digest, 'base64'), event_time,
         subject, traceparent, actor_id
  FROM e ORDER BY source, event_id
  ON CONFLICT (source, event_id) DO NOTHING
  RETURNING id, source, event_id
)
SELECT e.ord, i.id FROM inserted i JOIN e USING (source, event_id)`;

const KNOWN = `
SELECT (asked.ord - 1)::integer AS ord, i.id, i.digest
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(source, event_id, ord)
JOIN communications_inbox i ON i.source = asked.source AND i.event_id = asked.event_id`;
