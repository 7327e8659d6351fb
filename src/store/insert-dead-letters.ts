import { z } from 'zod';
import type { DeadLetterReason } from '../domain/reason.js';
import type { Statements } from './database.js';

/** An event, or one rule of it, that could not become rows. */
export interface NewDeadLetter {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Empty: the event as a whole. */
  readonly rule: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  /** Key, value and headers of the record. */
  readonly sealed: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly eventType: string;
  readonly source: string | null;
  readonly eventId: string | null;
  readonly recordTime: Date;
}

/** @returns ids of those that are new; the others are there from an earlier reading */
export async function insertDeadLetters(
  db: Statements,
  deadLetters: readonly NewDeadLetter[],
): Promise<ReadonlySet<string>> {
  if (deadLetters.length === 0) return new Set();
  const rows = await db.rows(SQL, [JSON.stringify(deadLetters.map(toJson))], idRow);
  return new Set(rows.map(({ id }) => id));
}

const idRow = z.object({ id: z.string() });

const toJson = (letter: NewDeadLetter) => ({
  id: letter.id,
  topic: letter.topic,
  partition: letter.partition,
  offset: letter.offset.toString(),
  rule: letter.rule,
  reason: letter.reason,
  detail: letter.detail,
  sealed: letter.sealed.toString('base64'),
  headers: letter.headers,
  event_type: letter.eventType,
  source: letter.source,
  event_id: letter.eventId,
  record_time: letter.recordTime,
});

const SQL = `
INSERT INTO communications_dead_letter
  (id, topic, partition, "offset", rule, reason, detail, sealed, headers, event_type, source, event_id, record_time)
SELECT id, topic, partition, "offset", rule, reason, detail, decode(sealed, 'base64'), headers, event_type,
       source, event_id, record_time
FROM jsonb_to_recordset($1::jsonb) AS d(
  id uuid, topic text, partition integer, "offset" bigint, rule text, reason text, detail text, sealed text,
  headers jsonb, event_type text, source text, event_id text, record_time timestamptz)
ON CONFLICT (topic, partition, "offset", record_time, rule) DO NOTHING
RETURNING id`;
