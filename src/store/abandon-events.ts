import type { Statements } from './database.js';

/**
 * Gives up what events still have of whose messages these were the last: the roles that are waited for, and the slots.
 * Of an event of which something was sent, waits or failed, everything stays.
 */
export async function abandonEventsOf(tx: Statements, notificationIds: readonly string[]): Promise<void> {
  if (notificationIds.length === 0) return;
  await tx.run(ROLES, [notificationIds]);
  await tx.run(SLOTS, [notificationIds]);
}

const cancelledOf = (table: string) =>
  `SELECT event_ref, rule FROM ${table} WHERE notification_id = ANY($1::uuid[])`;
const standsIn = (table: string) => `EXISTS (
  SELECT 1 FROM ${table} l
   WHERE l.event_ref = c.event_ref AND l.rule = c.rule AND l.last_status NOT IN ('CANCELLED', 'REJECTED'))`;

const ABANDONED = `(
  SELECT event_ref, rule
  FROM (${cancelledOf('communications_email_log')} UNION ${cancelledOf('communications_sms_log')}) c
  WHERE NOT ${standsIn('communications_email_log')} AND NOT ${standsIn('communications_sms_log')})`;

// Whoever comes to hold the role shall not get what was taken back. A person who is waited for was meant by name.
const ROLES = `
WITH gone AS (
  DELETE FROM communications_parked p USING ${ABANDONED} a
   WHERE p.event_ref = a.event_ref AND p.rule = a.rule AND p.wait_for LIKE 'role:%'
  RETURNING p.event_ref, p.rule, p.wait_for
)
INSERT INTO communications_skip (event_ref, rule, recipient_key, reason)
SELECT event_ref, rule, wait_for, 'cancelled' FROM gone ON CONFLICT DO NOTHING`;

const SLOTS = `
DELETE FROM communications_slot slot USING ${ABANDONED} a
WHERE slot.rule = a.rule AND slot.event_ref = a.event_ref
  AND NOT EXISTS (SELECT 1 FROM communications_parked p
                   WHERE p.event_ref = slot.event_ref AND p.rule = slot.rule)`;
