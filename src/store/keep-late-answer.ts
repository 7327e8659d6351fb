import type { Channel } from '../domain/channel.js';
import type { Transition } from './apply-transitions.js';
import type { Statements } from './database.js';
import { historyJson, KEPT_HISTORY } from './history.js';

/**
 * Notes in the log what a provider answered to an attempt of which nothing could be recorded any more, since the
 * message had been taken over. It is evidence for whoever asks why somebody got it twice, and no step: the row is else
 * left as it is, and nothing is published. Bears being repeated.
 */
export async function keepLateAnswer(db: Statements, { channel, change, error }: Transition): Promise<void> {
  const entry = { ...historyJson(change, error), late: true };
  await db.run(SQL[channel], [change.notificationId, JSON.stringify(entry)]);
}

// As many steps as applyTransitions keeps, and no answer of somebody who is gone. `seq` is that of the last step: its
// own was given to another. Nothing if the step itself is there: it was recorded, and only the answer to that was lost.
const sql = (table: string, address: string) => `
UPDATE ${table} l
SET history = ${KEPT_HISTORY}
              || jsonb_build_array(late.entry || jsonb_build_object('seq', l.sequence)
                   || CASE WHEN l.${address} LIKE '%***%' THEN '{"answer": ""}'::jsonb ELSE '{}'::jsonb END)
FROM (SELECT $2::jsonb AS entry) late
WHERE l.notification_id = $1 AND NOT l.history @> jsonb_build_array(late.entry - ARRAY['seq', 'answer', 'late'])`;

const SQL: Readonly<Record<Channel, string>> = {
  email: sql('communications_email_log', 'recipient'),
  sms: sql('communications_sms_log', 'phone_number'),
};
