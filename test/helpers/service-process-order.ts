import { z } from 'zod';

const death = z.object({
  at: z.enum(['persisted', 'claimed', 'sent', 'recorded', 'published']),
  /** Counted from 1. */
  time: z.number().int().positive(),
  /** By SIGKILL; or only the thread that reaches it: by an error or a rejection that nobody catches, or by never going on. */
  how: z.enum(['kill', 'throw', 'reject', 'hang']).default('kill'),
});
export type Death = z.infer<typeof death>;

const order = z.object({
  /** Ends when it reaches a checkpoint for the `time`-th time. */
  die: death.optional(),
  /** How often its thread is asked whether it is alive. */
  lookMs: z.number().optional(),
  /** Starts as `comms start` does, with nothing changed for tests. */
  asCommand: z.boolean().default(false),
});
export type ProcessOrder = z.input<typeof order>;

export const parseDeath = (json: string) => death.nullable().parse(JSON.parse(json));
export const parseProcessOrder = (json: string) => order.parse(JSON.parse(json));
