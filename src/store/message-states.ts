import { z } from 'zod';
import { REASONS } from '../domain/reason.js';
import { STATUSES } from '../domain/status.js';
import type { Statements } from './database.js';

const messageState = z
  .object({
    notification_id: z.string(),
    status: z.enum(STATUSES),
    reason: z.enum(REASONS).nullable(),
    settled: z.boolean(),
    claimed: z.boolean(),
    held: z.boolean(),
    resent_as: z.string().nullable(),
  })
  .transform(({ notification_id, resent_as, ...row }) => ({
    ...row,
    notificationId: notification_id,
    /** Under which id an operator sent it again. */
    resentAs: resent_as,
  }));
/** Where a message stands, for people who want to do something about it. */
export type MessageState = Readonly<z.infer<typeof messageState>>;

/** By id; one that no log knows is missing. */
export async function messageStates(
  db: Statements,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MessageState>> {
  if (ids.length === 0) return new Map();
  const rows = await db.rows(SQL, [ids], messageState);
  return new Map(rows.map((row) => [row.notificationId, row]));
}

const ofLog = (table: string) => `
SELECT l.notification_id, l.last_status, l.reason, l.finished_at,
       (SELECT again.notification_id FROM ${table} again
         WHERE again.event_ref = l.event_ref AND again.rule = l.rule AND again.recipient_key = l.recipient_key
           AND again.resend = l.resend + 1) AS resent_as
FROM ${table} l WHERE l.notification_id = ANY($1::uuid[])`;

const SQL = `
SELECT l.notification_id, l.last_status AS status, l.reason, l.finished_at IS NOT NULL AS settled,
       d.claimed_by IS NOT NULL AS claimed,
       coalesce(d.due_at = 'infinity' AND d.last_status <> 'FAILED', false) AS held, l.resent_as
FROM (${ofLog('communications_email_log')} UNION ALL ${ofLog('communications_sms_log')}) l
LEFT JOIN communications_delivery d USING (notification_id)`;
