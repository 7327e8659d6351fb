import type { Statements } from './database.js';

/** Takes people who are gone out of the column that says who caused a message. */
export async function forgetSenders(tx: Statements, userIds: readonly number[]): Promise<void> {
  if (userIds.length === 0) return;
  for (const table of ['communications_email_log', 'communications_sms_log']) {
    await tx.run(`UPDATE ${table} SET sent_by = NULL WHERE sent_by = ANY($1::bigint[])`, [userIds]);
  }
}
