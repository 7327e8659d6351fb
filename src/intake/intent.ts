import { z } from 'zod';
import { CHANNELS } from '../domain/channel.js';
import { markDates, withDates } from '../domain/payload.js';
import { PRIORITIES } from '../domain/priority.js';

const context = z.record(z.string(), z.unknown());

/** One rule of one event, evaluated: all that is needed to write to whoever it is for. */
const intent = z.object({
  /** Inbox id. */
  eventRef: z.number(),
  source: z.object({
    sourceEventId: z.string(),
    sourceEventSource: z.string(),
    sourceEventType: z.string(),
    sourceTopic: z.string(),
    sourcePartition: z.number(),
    sourceOffset: z.string(),
    sourceSubject: z.string().nullable(),
    traceparent: z.string().nullable(),
    eventTime: z.number(),
  }),
  actorId: z.number().nullable(),
  /** Values of the event's SECRET fields. */
  secrets: z.array(z.string()),
  module: z.string(),
  rule: z.string(),
  /** Path form: auth/otp. */
  template: z.string(),
  // What an older build parked doesn't say: it had no other.
  channels: z.array(z.enum(CHANNELS)).default(['email']),
  priority: z.enum(PRIORITIES),
  expiresAt: z.date(),
  /** Not to be sent earlier: a newer event may take its place until then. What older builds parked doesn't say. */
  notBefore: z.date().nullable().default(null),
  context: z.object({ clear: context, open: context, log: context }),
});
export type Intent = Readonly<z.infer<typeof intent>>;

const person = z.object({
  user_id: z.number().nullable(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
});

/** An intent that waits for its recipient: a person of the event, or holders of a role. */
const parkedIntent = z.object({ intent, person: person.nullable(), except: person.nullable() });
export type ParkedIntent = Readonly<z.infer<typeof parkedIntent>>;

export const encodeParked = (value: ParkedIntent): Buffer => Buffer.from(JSON.stringify(markDates(value)));

/** @throws if the bytes are not what encodeParked wrote */
export const decodeParked = (bytes: Buffer): ParkedIntent =>
  parkedIntent.parse(withDates(JSON.parse(bytes.toString('utf8'))));

/** Binds sealed bytes to their row. */
export const parkedSealedFor = (id: string): string => `communications_parked/${id}`;
