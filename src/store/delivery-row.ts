import { z } from 'zod';
import { CHANNELS } from '../domain/channel.js';
import type { NotificationFacts } from '../domain/notification.js';
import { PRIORITIES } from '../domain/priority.js';

/** The facts come back from jsonb as they were written, by this service alone: the shape is checked once more. */
const facts: z.ZodType<NotificationFacts> = z.object({
  channel: z.enum(CHANNELS),
  priority: z.enum(PRIORITIES),
  module: z.string(),
  rule: z.string(),
  template: z.string(),
  templateVersion: z.number(),
  recipientId: z.string().nullable(),
  recipientMasked: z.string().nullable(),
  sourceEventId: z.string(),
  sourceEventSource: z.string(),
  sourceEventType: z.string(),
  sourceTopic: z.string(),
  sourcePartition: z.number(),
  sourceOffset: z.string(),
  sourceSubject: z.string().nullable(),
  traceparent: z.string().nullable(),
  eventTime: z.number(),
});

/** A notification on its way, as claimed or swept. */
export const deliveryRow = z.object({
  notification_id: z.string(),
  created_at: z.date(),
  expires_at: z.date(),
  /** Attempts claimed so far, this one included. */
  attempt: z.number(),
  template: z.string(),
  provider: z.string(),
  recipient: z.string(),
  sealed: z.instanceof(Buffer),
  status_facts: facts,
  /** The last sequence that was given out. */
  sequence: z.number(),
  possible_duplicate: z.boolean(),
  /** Of this claim alone: whoever names it speaks of no other. Null: nobody's. */
  claim_id: z.string().nullable(),
});
export type DeliveryRow = z.infer<typeof deliveryRow>;

export const DELIVERY_COLUMNS = `d.notification_id, d.created_at, d.expires_at, d.attempt, d.template_path AS template, d.provider, d.recipient,
  d.sealed, d.status_facts, d.sequence, d.possible_duplicate, d.claim_id`;
