import type { Statements } from './database.js';

/**
 * Gives up the slots of events of which nothing was sent and nothing waits any more, now that these messages of
 * theirs are cancelled.
 */
export async function freeSlotsOf(tx: Statements, notificationIds: readonly string[]): Promise<void> {
  if (notificationIds.length > 0) await tx.run(SQL, [notificationIds]);
}

const cancelledOf = (table: string) =>
  `SELECT event_ref, rule FROM ${table} WHERE notification_id = ANY($1::uuid[])`;
const standsIn = (table: string) => `EXISTS (
  SELECT 1 FROM ${table} l
   WHERE l.event_ref = slot.event_ref AND l.rule = slot.rule AND l.last_status NOT IN ('CANCELLED', 'REJECTED'))`;

const SQL = `
DELETE FROM communications_slot slot
USING (${cancelledOf('communications_email_log')} UNION ${cancelledOf('communications_sms_log')}) gone
WHERE slot.rule = gone.rule AND slot.event_ref = gone.event_ref
  AND NOT ${standsIn('communications_email_log')} AND NOT ${standsIn('communications_sms_log')}
  AND NOT EXISTS (SELECT 1 FROM communications_parked p
                   WHERE p.event_ref = slot.event_ref AND p.rule = slot.rule)`;
