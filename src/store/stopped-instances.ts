import { z } from 'zod';
import type { Statements } from './database.js';
import { DEAD_AFTER_MS } from './worker.js';

/** A running instance, and whether it says that it starts nothing by what people have paused. */
const stoppedInstance = z.object({ instance: z.string(), stopped: z.boolean() });
export type StoppedInstance = Readonly<z.infer<typeof stoppedInstance>>;

export const stoppedInstances = (db: Statements, what: string): Promise<StoppedInstance[]> =>
  db.rows(STOPPED, [DEAD_AFTER_MS, what], stoppedInstance);

const waiting = z.object({ waiting: z.number(), on_the_wire: z.number(), first_expiry: z.date().nullable() });
/** What a channel or a provider has before it. */
export type WaitingFor = Readonly<z.infer<typeof waiting>>;

export async function waitingFor(db: Statements, what: string): Promise<WaitingFor> {
  const [row] = await db.rows(WAITING, [what], waiting);
  return row ?? { waiting: 0, on_the_wire: 0, first_expiry: null };
}

const STOPPED = `
SELECT instance, provider_pauses @> jsonb_build_array(jsonb_build_object(
         'byPeople', jsonb_build_object('what', $2::text))) AS stopped
FROM communications_worker
WHERE dead_at IS NULL AND beat_at >= now() - $1 * interval '1 millisecond' ORDER BY instance`;

// What the brake holds waits for people anyhow.
const WAITING = `
SELECT (count(*) - count(claimed_by))::integer AS waiting, count(claimed_by)::integer AS on_the_wire,
       min(expires_at) FILTER (WHERE claimed_by IS NULL) AS first_expiry
FROM communications_delivery
WHERE (channel = $1 OR provider = $1) AND due_at < 'infinity' AND last_status <> 'FAILED'`;
