import { z } from 'zod';

export const sinkOrder = z.object({
  /** How long a message waits for its last answer. */
  answerAfterMs: z.number().default(0),
  /** Keeps when each message to an address that begins so was accepted. */
  recipients: z.string().nullable().default(null),
});
export type SinkOrder = z.infer<typeof sinkOrder>;

export const sinkFigures = z.object({
  accepted: z.number(),
  /** Different ones. */
  addresses: z.number(),
  /** Of all messages together. */
  bytes: z.number(),
  /** Milliseconds since 1970, of the first and the last message. */
  firstAt: z.number().nullable(),
  lastAt: z.number().nullable(),
});
export type SinkFigures = z.infer<typeof sinkFigures>;

export const sinkRecord = z.object({
  times: z.array(z.tuple([z.string(), z.number()])),
  /** The first message of the first connection, in base64. */
  sample: z.string(),
});
export type SinkRecord = z.infer<typeof sinkRecord>;
