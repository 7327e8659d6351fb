import { z } from 'zod';
import { CHANNELS } from '../domain/channel.js';
import { REASONS } from '../domain/reason.js';
import { STATUSES } from '../domain/status.js';
import type { Statements } from './database.js';

const message = z
  .object({
    event_ref: z.number(),
    rule: z.string(),
    channel: z.enum(CHANNELS),
    recipient_key: z.string(),
    recipient: z.string(),
    /** The log identifier. */
    template: z.string(),
    notification_id: z.string(),
    status: z.enum(STATUSES),
    reason: z.enum(REASONS).nullable(),
    at: z.date(),
    possible_duplicate: z.boolean(),
  })
  .transform(({ event_ref, recipient_key, notification_id, possible_duplicate, ...row }) => ({
    ...row,
    eventRef: event_ref,
    recipientKey: recipient_key,
    notificationId: notification_id,
    possibleDuplicate: possible_duplicate,
  }));
/** A message that an event has led to, as it is now; of one that was sent again, the last. */
export type TracedMessage = Readonly<z.infer<typeof message>>;

const skip = z
  .object({
    event_ref: z.number(),
    rule: z.string(),
    recipient_key: z.string().nullable(),
    channel: z.enum(CHANNELS).nullable(),
    reason: z.enum(REASONS),
  })
  .transform(({ event_ref, recipient_key, ...row }) => ({
    ...row,
    eventRef: event_ref,
    recipientKey: recipient_key,
  }));

const parked = z
  .object({ event_ref: z.number(), rule: z.string(), wait_for: z.string() })
  .transform(({ event_ref, rule, wait_for }) => ({ eventRef: event_ref, rule, waitFor: wait_for }));

/** What came of events so far. */
export interface EventTraces {
  readonly messages: readonly TracedMessage[];
  readonly skips: readonly Readonly<z.infer<typeof skip>>[];
  readonly parked: readonly Readonly<z.infer<typeof parked>>[];
}

export async function eventTraces(db: Statements, refs: readonly number[]): Promise<EventTraces> {
  if (refs.length === 0) return { messages: [], skips: [], parked: [] };
  // First: what is woken meanwhile is then seen twice, and never not at all.
  const waiting = await db.rows(PARKED, [refs], parked);
  return {
    messages: await db.rows(MESSAGES, [refs], message),
    skips: await db.rows(SKIPS, [refs], skip),
    parked: waiting,
  };
}

const messagesOf = (channel: string, table: string, address: string) => `
(SELECT DISTINCT ON (event_ref, rule, recipient_key)
        id, event_ref, rule, '${channel}' AS channel, recipient_key, ${address} AS recipient, template, notification_id,
        last_status AS status, reason, coalesce(accepted_at, finished_at, sent_at) AS at, possible_duplicate
   FROM ${table} WHERE event_ref = ANY($1::bigint[])
  ORDER BY event_ref, rule, recipient_key, resend DESC)`;

const MESSAGES = `
SELECT * FROM (${messagesOf('email', 'communications_email_log', 'recipient')}
UNION ALL ${messagesOf('sms', 'communications_sms_log', 'phone_number')}) m
ORDER BY event_ref, rule, channel, id`;

const SKIPS = `
SELECT event_ref, rule, recipient_key, channel, reason FROM communications_skip
WHERE event_ref = ANY($1::bigint[]) ORDER BY id`;

const PARKED = `
SELECT event_ref, rule, wait_for FROM communications_parked WHERE event_ref = ANY($1::bigint[]) ORDER BY id`;
