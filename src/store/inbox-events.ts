import { z } from 'zod';
import type { Statements } from './database.js';

const inboxEvent = z
  .object({
    id: z.number(),
    source: z.string(),
    event_id: z.string(),
    event_time: z.date(),
    received_at: z.date(),
  })
  .transform((row) => ({
    ref: row.id,
    source: row.source,
    eventId: row.event_id,
    eventTime: row.event_time,
    receivedAt: row.received_at,
  }));
/** An event that was seen. */
export type InboxEvent = Readonly<z.infer<typeof inboxEvent>>;

const COLUMNS = 'id, source, event_id, event_time, received_at';

/** By its identity. */
export async function findInboxEvent(
  db: Statements,
  { source, id }: { readonly source: string; readonly id: string },
): Promise<InboxEvent | undefined> {
  const [row] = await db.rows(
    `SELECT ${COLUMNS} FROM communications_inbox WHERE source = $1 AND event_id = $2`,
    [source, id],
    inboxEvent,
  );
  return row;
}

/** By inbox id, as far as they are still there. */
export async function inboxEvents(
  db: Statements,
  refs: readonly number[],
): Promise<ReadonlyMap<number, InboxEvent>> {
  if (refs.length === 0) return new Map();
  const rows = await db.rows(
    `SELECT ${COLUMNS} FROM communications_inbox WHERE id = ANY($1::bigint[])`,
    [refs],
    inboxEvent,
  );
  return new Map(rows.map((row) => [row.ref, row]));
}
