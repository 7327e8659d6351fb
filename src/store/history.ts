import { z } from 'zod';
import type { StatusChange } from '../domain/notification.js';
import { REASONS } from '../domain/reason.js';
import { STATUSES } from '../domain/status.js';

/** One step of a message's story, as the log keeps it. Short names: there is one for every attempt. */
export function historyJson(change: StatusChange, answer: string) {
  return {
    at: change.occurredAt,
    seq: change.sequence,
    status: change.status,
    reason: change.reason,
    attempt: change.attempt,
    provider: change.provider,
    answer,
  };
}

const historyEntry = z.object({
  at: z.coerce.date(),
  seq: z.number(),
  status: z.enum(STATUSES),
  reason: z.enum(REASONS).nullable(),
  attempt: z.number(),
  provider: z.string().nullable(),
  /** What the provider said, or what was wrong; no secrets. */
  answer: z.string(),
  /** Of an attempt that had been taken over: no step, and `status` is what it would have been. */
  late: z.literal(true).optional(),
});
export type HistoryEntry = Readonly<z.infer<typeof historyEntry>>;

/** What the column keeps of the log row `l` when an entry comes: without the eleventh, of very many. */
export const KEPT_HISTORY =
  'CASE WHEN jsonb_array_length(l.history) < 30 THEN l.history ELSE l.history - 10 END';

/** The history column of a log. */
export const history = z.array(historyEntry);
