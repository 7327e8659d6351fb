import { z } from 'zod';
import { CHANNELS } from '../domain/channel.js';
import { REASONS } from '../domain/reason.js';

const pause = z.object({
  channel: z.enum(CHANNELS),
  provider: z.string(),
  reason: z.enum(REASONS),
  /** What the provider said; no secrets. */
  answer: z.string(),
  since: z.coerce.date(),
  /** Who paused it by which name, if people did: then the answer is their note. */
  byPeople: z.object({ what: z.string(), who: z.string() }).readonly().optional(),
});
/** A provider that a worker leaves alone for now. */
export type PausedProvider = Readonly<z.infer<typeof pause>>;

/** The column of a worker. */
export const providerPauses = z.array(pause);
