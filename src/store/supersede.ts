import { z } from 'zod';
import type { Statements } from './database.js';
import { DELIVERY_COLUMNS, type DeliveryRow, deliveryRow } from './delivery-row.js';

/** What a rule made of an event. */
export interface Made {
  readonly eventRef: number;
  readonly rule: string;
}

/**
 * What still waits of these, locked until the transaction ends. What is on the wire is left out: it can't be called
 * back. They are found through the logs, whose identity begins with event and rule.
 */
export const lockWaiting = (tx: Statements, made: readonly Made[]): Promise<DeliveryRow[]> =>
  made.length === 0 ? Promise.resolve([]) : tx.rows(WAITING, bind(made), deliveryRow);

/** Forgets what failed of these and is kept to be sent again: it would be older than what has been sent since. */
export const deleteFailedOf = async (tx: Statements, made: readonly Made[]): Promise<void> => {
  if (made.length > 0) await tx.run(FAILED, bind(made));
};

/** Takes away what is parked of these. @returns those of which something was */
export async function deleteParkedOf(tx: Statements, made: readonly Made[]): Promise<Made[]> {
  return made.length === 0 ? [] : tx.rows(PARKED, bind(made), madeRow);
}

const bind = (made: readonly Made[]) => [made.map(({ eventRef }) => eventRef), made.map(({ rule }) => rule)];

const madeRow = z
  .object({ event_ref: z.number(), rule: z.string() })
  .transform(({ event_ref, rule }): Made => ({ eventRef: event_ref, rule }));

const MADE = `unnest($1::bigint[], $2::text[]) AS m(event_ref, rule)`;

// As an array, and in the order of no index: ADR 24.
const MADE_OF_THEM = `d.notification_id = ANY (ARRAY(
  SELECT l.notification_id FROM communications_email_log l JOIN ${MADE} USING (event_ref, rule)
  UNION ALL
  SELECT l.notification_id FROM communications_sms_log l JOIN ${MADE} USING (event_ref, rule)))`;

const WAITING = `
SELECT ${DELIVERY_COLUMNS} FROM communications_delivery d
WHERE d.claimed_by IS NULL AND d.last_status <> 'FAILED' AND ${MADE_OF_THEM}
ORDER BY d.id + 0 FOR UPDATE OF d`;

const FAILED = `DELETE FROM communications_delivery d WHERE d.last_status = 'FAILED' AND ${MADE_OF_THEM}`;

const PARKED = `
DELETE FROM communications_parked p USING ${MADE} WHERE p.event_ref = m.event_ref AND p.rule = m.rule
RETURNING p.event_ref, p.rule`;
