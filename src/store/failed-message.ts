import { z } from 'zod';
import type { Row } from './columns.js';
import type { Statements } from './database.js';
import { DELIVERY_COLUMNS, type DeliveryRow, deliveryRow } from './delivery-row.js';

const logged = z.object({
  event_ref: z.number(),
  recipient_key: z.string(),
  sent_by: z.number().nullable(),
  shown: z.string(),
  context_data: z.record(z.string(), z.unknown()).nullable(),
  resend: z.number(),
  expired: z.boolean(),
  /** The person is gone, and what the logs say of them has been masked. */
  departed: z.boolean(),
});
/** What failed and is kept so that it can be sent again, with what its log row says of it. */
export type FailedMessage = DeliveryRow & Readonly<z.infer<typeof logged>>;
const failedMessage = {
  parse: (row: Row): FailedMessage => ({ ...deliveryRow.parse(row), ...logged.parse(row) }),
};

/** Locks it until the transaction ends, so that nobody else resends it meanwhile. */
export async function lockFailedMessage(tx: Statements, id: string): Promise<FailedMessage | undefined> {
  const [row] = await tx.rows(LOCK, [id], failedMessage);
  return row;
}

/** Its new form is in the queue: what was kept of the old one goes. */
export const deleteFailedMessage = (tx: Statements, id: string): Promise<number> =>
  tx.run(`DELETE FROM communications_delivery WHERE notification_id = $1 AND last_status = 'FAILED'`, [id]);

const FROM_LOG = 'id, event_ref, recipient_key, recipient_id, sent_by, resend';

const LOCK = `
SELECT ${DELIVERY_COLUMNS}, l.event_ref, l.recipient_key, l.sent_by, l.shown, l.context_data, l.resend,
       d.expires_at <= now() AS expired,
       EXISTS (SELECT 1 FROM communications_contact c
                WHERE c.user_id = l.recipient_id AND c.deleted_at IS NOT NULL) AS departed
FROM communications_delivery d
JOIN LATERAL (
  SELECT ${FROM_LOG}, subject AS shown, context_data FROM communications_email_log
   WHERE d.channel = 'email' AND id = d.log_id
  UNION ALL
  SELECT ${FROM_LOG}, message, NULL FROM communications_sms_log
   WHERE d.channel = 'sms' AND id = d.log_id
) l ON true
WHERE d.notification_id = $1 AND d.last_status = 'FAILED'
FOR UPDATE OF d`;
