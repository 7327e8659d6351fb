import { z } from 'zod';
import type { Statements } from './database.js';

const queue = z
  .object({
    due: z.number(),
    oldest: z.date().nullable(),
    overdue: z.boolean(),
    claimed: z.number(),
    later: z.number(),
  })
  .readonly();
/** The queue in numbers, without what the brake holds and what failed. */
export type WaitingMessages = z.infer<typeof queue>;

export async function waitingMessages(db: Statements): Promise<WaitingMessages> {
  const [row] = await db.rows(SQL, [OVERDUE_MS], queue);
  return row ?? { due: 0, oldest: null, overdue: false, claimed: 0, later: 0 };
}

/** Longer than messages wait for their turn under full load. */
const OVERDUE_MS = 60_000;

const SQL = `
SELECT due::integer, oldest, coalesce(oldest < now() - $1 * interval '1 millisecond', false) AS overdue, claimed::integer,
       (total - due - claimed)::integer AS later
FROM (
  SELECT count(*) AS total, count(claimed_by) AS claimed,
         count(*) FILTER (WHERE claimed_by IS NULL AND due_at <= now()) AS due,
         min(due_at) FILTER (WHERE claimed_by IS NULL AND due_at <= now()) AS oldest
  FROM communications_delivery WHERE due_at < 'infinity'
) counted`;
