import { z } from 'zod';
import { bytesOf, bytesOrNull, numberOf, objectOf, type Row, textOf, textOrNull } from './columns.js';
import type { Statements } from './database.js';

export interface OutboxRow {
  readonly id: number;
  readonly key: Buffer | null;
  readonly value: Buffer;
  readonly subject: string | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

const outboxRow = {
  parse: (row: Row): OutboxRow => ({
    id: numberOf(row, 'id'),
    key: bytesOrNull(row, 'key'),
    value: bytesOf(row, 'value'),
    subject: textOrNull(row, 'subject'),
    headers: headersOf(objectOf(row, 'headers')),
  }),
};

/** Kept as base64. */
function headersOf(kept: Row): Record<string, Buffer> {
  const headers: Record<string, Buffer> = {};
  for (const name of Object.keys(kept)) headers[name] = Buffer.from(textOf(kept, name), 'base64');
  return headers;
}

/**
 * Makes the running transaction the only one that publishes. Two at once could overtake each other, and a
 * subscriber would read a notification's statuses out of order. An instance that freezes while it has the
 * lock loses it after 28 s: asking for partitions, schema and acknowledgement takes 25 at most.
 * @returns false if another instance is at it
 */
export async function lockOutbox(tx: Statements): Promise<boolean> {
  const rows = await tx.rows(LOCK, [OUTBOX_LOCK], lockRow, { name: 'outbox-lock' });
  return rows[0]?.locked ?? false;
}

// A table that fills and empties all the time looks empty to the planner, which would gather all of it and sort, instead
// of reading the first few in the order of the index: 5.9 ms a round where 16,000 had passed, and worse after an outage.
const LOCK = `SELECT pg_try_advisory_xact_lock($1) AS locked,
  set_config('idle_in_transaction_session_timeout', '28s', true),
  set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)`;

/** What waits for one topic behind an id, lowest id first. */
export const selectOutbox = (
  tx: Statements,
  topic: string,
  after: number,
  limit: number,
): Promise<OutboxRow[]> =>
  tx.rows(
    `SELECT id, key, value, subject, headers FROM communications_outbox
     WHERE topic = $1 AND id > $2 ORDER BY id LIMIT $3`,
    [topic, after, limit],
    outboxRow,
    { name: 'outbox-select' },
  );

export const deleteOutbox = (tx: Statements, topic: string, ids: readonly number[]): Promise<number> =>
  tx.run('DELETE FROM communications_outbox WHERE topic = $1 AND id = ANY($2::bigint[])', [topic, ids], {
    name: 'outbox-delete',
  });

const lockRow = z.object({ locked: z.boolean() });
/** An arbitrary number that nothing else in this database locks. */
const OUTBOX_LOCK = 6_402_118_001;
