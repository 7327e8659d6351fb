import { z } from 'zod';

const order = z.object({
  /** Ends itself by SIGKILL the `time`-th time it reaches a checkpoint, counted from 1. */
  die: z
    .object({
      at: z.enum(['persisted', 'claimed', 'sent', 'recorded', 'published']),
      time: z.number().int().positive(),
    })
    .optional(),
  /** Starts as `comms start` does, with nothing changed for tests. */
  asCommand: z.boolean().default(false),
});
export type ProcessOrder = z.input<typeof order>;

export const parseProcessOrder = (json: string) => order.parse(JSON.parse(json));
