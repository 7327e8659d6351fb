import { z } from 'zod';
import type { WorkerClaim } from './claim-deliveries.js';
import type { Statements } from './database.js';
import { DELIVERY_COLUMNS, type DeliveryRow, deliveryRow } from './delivery-row.js';
import type { PausedProvider } from './provider-pauses.js';

/** After so long without a beat (by the database's clock) a worker's claims are free. */
export const DEAD_AFTER_MS = 8_000;

/** A beat that waits for a dead connection is a beat missed: two of these fit before the worker is stale. */
export const BEAT_LIMIT_MS = 2_000;

/** Enters a worker, under a new epoch if it was there before. */
export async function registerWorker(
  db: Statements,
  { workerId, epoch }: WorkerClaim,
  instance: string,
  connections: number,
): Promise<void> {
  await db.run(
    `INSERT INTO communications_worker (id, epoch, instance, connections, started_at, beat_at)
     VALUES ($1, $2, $3, $4, now(), now())`,
    [workerId, epoch, instance, connections],
  );
}

/**
 * @param pauses what keeps it from sending, for whoever looks
 * @returns false if the worker has been declared dead meanwhile and its claims are no longer its own
 */
export async function beat(
  db: Statements,
  { workerId, epoch }: WorkerClaim,
  pauses: readonly PausedProvider[] = [],
): Promise<boolean> {
  const beaten = await db.run(
    `UPDATE communications_worker SET beat_at = now(), provider_pauses = $3::jsonb
      WHERE id = $1 AND epoch = $2 AND dead_at IS NULL`,
    [workerId, epoch, JSON.stringify(pauses)],
    { timeoutMs: BEAT_LIMIT_MS },
  );
  return beaten > 0;
}

/** Takes a worker off the list that has no claims left. */
export async function removeWorker(db: Statements, { workerId, epoch }: WorkerClaim): Promise<void> {
  await db.run(
    `DELETE FROM communications_worker w WHERE w.id = $1 AND w.epoch = $2 AND NOT EXISTS (
       SELECT 1 FROM communications_delivery d WHERE d.claimed_by = $1 AND d.claimed_epoch = $2)`,
    [workerId, epoch],
    { timeoutMs: BEAT_LIMIT_MS },
  );
}

const deadWorker = z.object({ id: z.string(), epoch: z.number(), instance: z.string() });

/**
 * Declares silent workers dead, and names all that are and still have to be cleared up after.
 * The exclusive lock waits out a claim that is being made; later ones find the mark.
 */
export async function markDeadWorkers(
  db: Statements,
): Promise<(WorkerClaim & { readonly instance: string })[]> {
  await db.run(MARK, [DEAD_AFTER_MS]);
  const rows = await db.rows(
    `SELECT id, epoch, instance FROM communications_worker WHERE dead_at IS NOT NULL`,
    [],
    deadWorker,
  );
  return rows.map(({ id, epoch, instance }) => ({ workerId: id, epoch, instance }));
}

/** What a dead worker had under way: it may have gone out. */
export function claimsOf(
  db: Statements,
  { workerId, epoch }: WorkerClaim,
  limit: number,
): Promise<DeliveryRow[]> {
  return db.rows(
    `SELECT ${DELIVERY_COLUMNS} FROM communications_delivery d
     WHERE d.claimed_by = $1 AND d.claimed_epoch = $2 ORDER BY d.id LIMIT $3`,
    [workerId, epoch, limit],
    deliveryRow,
  );
}

const MARK = `
WITH silent AS (
  SELECT id, epoch FROM communications_worker
  WHERE dead_at IS NULL AND beat_at < now() - $1 * interval '1 millisecond'
  FOR UPDATE SKIP LOCKED
)
UPDATE communications_worker w SET dead_at = now() FROM silent WHERE w.id = silent.id AND w.epoch = silent.epoch`;
