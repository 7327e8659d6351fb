import { z } from 'zod';
import { type Priority, priorityRank } from '../domain/priority.js';
import type { StoreSnapshot } from '../observability/metrics.js';
import type { Statements } from './database.js';
import { HELD } from './held-messages.js';
import { DEAD_AFTER_MS } from './worker.js';

const depth = z.object({ rank: z.number(), depth: z.number(), oldest: z.number() });
const rest = z.object({
  outbox: z.number(),
  outbox_oldest: z.number(),
  dead_letters: z.number(),
  parked: z.number(),
  held: z.number(),
  workers: z.number(),
  snapshot_age: z.number(),
  paused: z.number(),
});

/** The whole system in numbers, for the gauges: the same whichever instance is asked. */
export async function storeSnapshot(db: Statements): Promise<StoreSnapshot> {
  const depths = await db.rows(DEPTHS, [], depth);
  const [others] = await db.rows(REST, [DEAD_AFTER_MS], rest);
  if (others === undefined) throw new Error('the database gave no row for the gauges');
  const queueOf = (priority: Priority) => {
    const row = depths.find(({ rank }) => rank === priorityRank(priority));
    return { depth: row?.depth ?? 0, oldestSeconds: row?.oldest ?? 0 };
  };
  return {
    queue: { high: queueOf('high'), medium: queueOf('medium'), low: queueOf('low') },
    outbox: { depth: others.outbox, oldestSeconds: others.outbox_oldest },
    deadLettersOpen: others.dead_letters,
    parked: others.parked,
    heldByBrake: others.held,
    workersAlive: others.workers,
    oldestSnapshotSeconds: others.snapshot_age,
    pausedByPeople: others.paused,
  };
}

const AGE = (column: string) => `coalesce(extract(epoch FROM now() - min(${column})), 0)::float8`;

// What is held after a failure waits for an operator, not for us.
const DEPTHS = `
SELECT priority::integer AS rank, count(*)::integer AS depth,
       coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE due_at <= now())), 0)::float8 AS oldest
FROM communications_delivery WHERE due_at < 'infinity' GROUP BY priority`;

const REST = `
SELECT
  (SELECT count(*)::integer FROM communications_outbox) AS outbox,
  (SELECT ${AGE('created_at')} FROM communications_outbox) AS outbox_oldest,
  (SELECT count(*)::integer FROM communications_dead_letter WHERE resolved_at IS NULL) AS dead_letters,
  (SELECT count(*)::integer FROM communications_parked) AS parked,
  (SELECT count(*)::integer FROM communications_delivery WHERE ${HELD}) AS held,
  (SELECT count(*)::integer FROM communications_worker
    WHERE dead_at IS NULL AND beat_at > now() - $1 * interval '1 millisecond') AS workers,
  (SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0)::float8 FROM pg_stat_activity
    WHERE backend_xmin IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid()) AS snapshot_age,
  (SELECT count(*)::integer FROM communications_pause) AS paused`;
