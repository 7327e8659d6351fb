import { z } from 'zod';
import { select } from '../helpers/select.js';
import type { SeenMessage } from './seen.js';

const message = z
  .object({
    event_id: z.string(),
    notification_id: z.string(),
    rule: z.string(),
    recipient: z.string(),
    last_status: z.string(),
    reason: z.string().nullable(),
    sequence: z.number(),
    possible_duplicate: z.boolean(),
  })
  .transform(
    (row): SeenMessage => ({
      eventId: row.event_id,
      notificationId: row.notification_id,
      rule: row.rule,
      recipient: row.recipient,
      lastStatus: row.last_status,
      reason: row.reason,
      sequence: row.sequence,
      possibleDuplicate: row.possible_duplicate,
    }),
  );

const MESSAGES = `
SELECT i.event_id, l.notification_id, l.rule, l.recipient, l.last_status, l.reason, l.sequence, l.possible_duplicate
FROM communications_email_log l JOIN communications_inbox i ON i.id = l.event_ref`;

export const readMessages = (databaseUrl: string): Promise<SeenMessage[]> =>
  select(databaseUrl, message, MESSAGES);

export async function readInbox(databaseUrl: string): Promise<ReadonlySet<string>> {
  const row = z.object({ event_id: z.string() });
  const rows = await select(databaseUrl, row, 'SELECT event_id FROM communications_inbox');
  return new Set(rows.map(({ event_id: id }) => id));
}

export async function readDeadLetters(databaseUrl: string): Promise<string[]> {
  const row = z.object({ reason: z.string(), topic: z.string(), rule: z.string(), detail: z.string() });
  const sql = 'SELECT reason, topic, rule, detail FROM communications_dead_letter';
  const rows = await select(databaseUrl, row, sql);
  return rows.map(
    ({ reason, topic, rule, detail }) => `dead letter of ${topic} ${rule}: ${reason}, ${detail}`,
  );
}

const LATE = `
SELECT notification_id FROM communications_email_log
WHERE notification_id::text = ANY($1) AND history @> '[{"late": true, "status": "SENT"}]'`;

/** Those of the messages of which the log keeps that they were accepted, though it was told too late. */
export async function readAnswersKept(databaseUrl: string, ids: readonly string[]): Promise<string[]> {
  const rows = await select(databaseUrl, z.object({ notification_id: z.string() }), LATE, [ids]);
  return rows.map(({ notification_id: id }) => id);
}

const WAITING = `
SELECT 'message ' || d.notification_id || ' (' || d.rule || ') waits for delivery: ' || d.last_status || ', attempt '
       || d.attempt || ', due ' || d.due_at || ', claimed by ' || coalesce(w.instance || ' epoch ' || d.claimed_epoch, 'nobody')
       AS what
FROM communications_delivery d LEFT JOIN communications_worker w ON w.id = d.claimed_by AND w.epoch = d.claimed_epoch
WHERE d.due_at < 'infinity'
UNION ALL
SELECT 'status ' || id || ' for ' || topic || ' waits in the outbox since ' || created_at FROM communications_outbox
UNION ALL
SELECT 'event ' || event_ref || ' (' || rule || ') is parked for ' || wait_for FROM communications_parked`;

/** What is still to be delivered, published or woken. */
export async function readWaiting(databaseUrl: string): Promise<string[]> {
  const rows = await select(databaseUrl, z.object({ what: z.string() }), WAITING);
  return rows.map(({ what }) => what);
}
