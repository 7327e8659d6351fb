import { z } from 'zod';
import type { Transition } from './apply-transitions.js';
import type { Statements } from './database.js';

const applied = z.object({ notification_id: z.string() });

/**
 * Which of these the log already has: for transitions whose first try got no answer and may have been applied.
 * What another worker recorded meanwhile under the same sequence has another status or attempt.
 */
export async function findApplied(
  db: Statements,
  transitions: readonly Transition[],
): Promise<ReadonlySet<string>> {
  const changes = transitions.map(({ change }) => change);
  const rows = await db.rows(
    SQL,
    [
      changes.map(({ notificationId }) => notificationId),
      changes.map(({ sequence }) => sequence),
      changes.map(({ status }) => status),
      changes.map(({ attempt }) => attempt),
    ],
    applied,
  );
  return new Set(rows.map((row) => row.notification_id));
}

const SQL = `
SELECT l.notification_id
FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::integer[]) AS t(notification_id, sequence, status, attempt)
JOIN (
  SELECT notification_id, sequence, last_status, attempts FROM communications_email_log
  UNION ALL
  SELECT notification_id, sequence, last_status, attempts FROM communications_sms_log
) l USING (notification_id)
WHERE l.sequence = t.sequence AND l.last_status = t.status AND l.attempts = t.attempt`;
