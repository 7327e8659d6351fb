import { z } from 'zod';
import type { Reason } from '../domain/reason.js';
import type { Statements } from './database.js';

const idRow = z.object({ notification_id: z.string() });

/** Ids of what failed for this reason and can still be sent again, oldest first. */
export async function failedMessages(
  db: Statements,
  { reason, rule }: { readonly reason: Reason; readonly rule?: string },
): Promise<string[]> {
  const rows = await db.rows(SQL, [reason, rule ?? null], idRow);
  return rows.map(({ notification_id }) => notification_id);
}

// Through the delivery rows, which are few: failed ones are kept for 72 h at most.
const SQL = `
SELECT d.notification_id FROM communications_delivery d
WHERE d.last_status = 'FAILED' AND d.expires_at > now() AND ($2::text IS NULL OR d.rule = $2) AND (
  EXISTS (SELECT 1 FROM communications_email_log l WHERE d.channel = 'email' AND l.id = d.log_id AND l.reason = $1)
  OR EXISTS (SELECT 1 FROM communications_sms_log l WHERE d.channel = 'sms' AND l.id = d.log_id AND l.reason = $1))
ORDER BY d.id`;
