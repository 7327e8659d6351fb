import { z } from 'zod';
import { CHANNELS } from '../domain/channel.js';
import { REASONS } from '../domain/reason.js';
import { STATUSES } from '../domain/status.js';
import type { Statements } from './database.js';
import { history } from './history.js';
import { DEAD_AFTER_MS } from './worker.js';

const toldMessage = z.object({
  notification_id: z.string(),
  event_ref: z.number(),
  channel: z.enum(CHANNELS),
  rule: z.string(),
  /** Address or number, in clear. */
  recipient: z.string(),
  recipient_key: z.string(),
  recipient_id: z.number().nullable(),
  /** Null for text messages. */
  subject: z.string().nullable(),
  template: z.string(),
  template_version: z.number(),
  /** 0 high, 1 medium, 2 low. */
  priority: z.number(),
  provider: z.string(),
  status: z.enum(STATUSES),
  reason: z.enum(REASONS).nullable(),
  sequence: z.number(),
  attempts: z.number(),
  possible_duplicate: z.boolean(),
  resend: z.number(),
  error_message: z.string(),
  accepted_at: z.date(),
  finished_at: z.date().nullable(),
  history,
  /** Whether there is a delivery row: what waits, is on the wire, or failed and can be sent again. */
  kept: z.boolean(),
  /** Null: not before people say so. */
  due_at: z.date().nullable(),
  expires_at: z.date().nullable(),
  claimed_at: z.date().nullable(),
  instance: z.string().nullable(),
  instance_beat_at: z.date().nullable(),
  instance_alive: z.boolean().nullable(),
});
/** All that is on record of a message, its place in the queue included. */
export type ToldMessage = Readonly<z.infer<typeof toldMessage>>;

/** Of these events, oldest first. */
export const messagesOfEvents = (db: Statements, refs: readonly number[]): Promise<ToldMessage[]> =>
  refs.length === 0 ? Promise.resolve([]) : db.rows(OF_EVENTS, [refs], toldMessage);

/** To these addresses and numbers, newest first. */
export const messagesTo = (
  db: Statements,
  addresses: readonly string[],
  limit: number,
): Promise<ToldMessage[]> => db.rows(TO, [addresses, limit], toldMessage);

/** The same however the part before the @ was written; reads the whole log. */
export const messagesToAnyCase = (db: Statements, address: string, limit: number): Promise<ToldMessage[]> =>
  db.rows(TO_ANY_CASE, [address, limit], toldMessage);

/** The event that a message is about; null: no such message. */
export async function eventOfMessage(db: Statements, notificationId: string): Promise<number | null> {
  const [row] = await db.rows(EVENT_OF, [notificationId], z.object({ event_ref: z.number() }));
  return row?.event_ref ?? null;
}

const FROM_LOG = `l.notification_id, l.event_ref, l.rule, l.recipient_key, l.recipient_id, l.template,
  l.template_version, l.priority, l.provider, l.last_status AS status, l.reason, l.sequence, l.attempts,
  l.possible_duplicate, l.resend, l.error_message, l.sent_at AS accepted_at, l.finished_at, l.history`;

const both = (email: string, sms: string, order: string, limit = '') => `
SELECT l.*, d.notification_id IS NOT NULL AS kept, nullif(d.due_at, 'infinity') AS due_at, d.expires_at, d.claimed_at,
       w.instance, w.beat_at AS instance_beat_at,
       w.dead_at IS NULL AND w.beat_at >= now() - interval '${DEAD_AFTER_MS} milliseconds' AS instance_alive
FROM (
  (SELECT ${FROM_LOG}, 'email' AS channel, l.recipient, l.subject FROM communications_email_log l ${email})
  UNION ALL
  (SELECT ${FROM_LOG}, 'sms', l.phone_number, NULL FROM communications_sms_log l ${sms})
) l
LEFT JOIN communications_delivery d USING (notification_id)
LEFT JOIN communications_worker w ON w.id = d.claimed_by AND w.epoch = d.claimed_epoch
ORDER BY ${order} ${limit}`;

const ofEvents = 'WHERE l.event_ref = ANY($1::bigint[])';
const OF_EVENTS = both(ofEvents, ofEvents, 'l.notification_id');

// Each log alone by its index, newest first, as far as could be wanted.
const newestTo = (column: string) => `WHERE l.${column} = ANY($1::text[]) ORDER BY l.sent_at DESC LIMIT $2`;
const NEWEST = 'l.accepted_at DESC, l.notification_id DESC';
const TO = both(newestTo('recipient'), newestTo('phone_number'), NEWEST, 'LIMIT $2');

const TO_ANY_CASE = both(
  'WHERE lower(l.recipient) = lower($1) ORDER BY l.sent_at DESC LIMIT $2',
  'WHERE false',
  NEWEST,
  'LIMIT $2',
);

const EVENT_OF = `
SELECT event_ref FROM communications_email_log WHERE notification_id = $1
UNION ALL SELECT event_ref FROM communications_sms_log WHERE notification_id = $1`;
