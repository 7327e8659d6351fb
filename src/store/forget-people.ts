import type { Statements } from './database.js';

/**
 * Takes people who are gone out of the logs: who caused a message, and, of what went to them, address, words and
 * answers. That it was sent, when and under which template stays. What still waits is sent: its address is its own.
 */
export async function forgetPeople(tx: Statements, userIds: readonly number[]): Promise<void> {
  if (userIds.length === 0) return;
  for (const sql of [SENDER_OF_EMAIL, SENDER_OF_SMS, EMAIL, SMS]) await tx.run(sql, [userIds]);
}

// Locked in the order of their ids, as results are recorded.
const rowsOf = (table: string, whose: 'sent_by' | 'recipient_id') =>
  `id IN (SELECT id FROM ${table} WHERE ${whose} = ANY($1::bigint[]) ORDER BY id FOR UPDATE)`;
const senderOf = (table: string) => `UPDATE ${table} SET sent_by = NULL WHERE ${rowsOf(table, 'sent_by')}`;
const SENDER_OF_EMAIL = senderOf('communications_email_log');
const SENDER_OF_SMS = senderOf('communications_sms_log');

/** An answer may quote the address. */
export const WITHOUT_ANSWERS = `error_message = '', history = coalesce(
  (SELECT jsonb_agg(step || '{"answer": ""}' ORDER BY ord)
     FROM jsonb_array_elements(history) WITH ORDINALITY AS s(step, ord)), '[]')`;

export const MASKED_EMAIL = `regexp_replace(recipient, '^(.?)[^@]*(@.*)?$', '\\1***\\2')`;
export const MASKED_PHONE = `'***' || right(phone_number, 3)`;

const EMAIL = `
UPDATE communications_email_log
SET recipient = ${MASKED_EMAIL}, cc = NULL, bcc = NULL,
    subject = '(' || template || ')', context_data = NULL, ${WITHOUT_ANSWERS}
WHERE ${rowsOf('communications_email_log', 'recipient_id')}`;

const SMS = `
UPDATE communications_sms_log
SET phone_number = ${MASKED_PHONE}, message = '(' || template || ')', ${WITHOUT_ANSWERS}
WHERE ${rowsOf('communications_sms_log', 'recipient_id')}`;
