import { type Priority, priorityRank } from '../domain/priority.js';
import type { WorkerClaim } from './claim-deliveries.js';
import type { Statements } from './database.js';

/**
 * Gives claims back as if they had never been: for messages that were not handed over, because the
 * provider as a whole is at fault, a key is missing or we are stopping. No attempt is burnt, no status
 * follows. They are due again after `delayMs`.
 */
export async function releaseClaims(
  db: Statements,
  { workerId, epoch }: WorkerClaim,
  notificationIds: readonly string[],
  delayMs: number,
): Promise<void> {
  if (notificationIds.length === 0) return;
  await db.run(SQL, [workerId, epoch, notificationIds, delayMs]);
}

/**
 * Gives back what a worker has claimed of these priorities and knows nothing of: the answer to its claim was
 * lost, so nothing of it was handed over. To be asked only while no claim of theirs is under way.
 * @param known what it does know of, and keeps
 * @returns how many
 */
export function releaseLostClaims(
  db: Statements,
  { workerId, epoch }: WorkerClaim,
  priorities: readonly Priority[],
  known: readonly string[],
): Promise<number> {
  return db.run(LOST, [workerId, epoch, priorities.map(priorityRank), known]);
}

const LOST = `
UPDATE communications_delivery
SET claimed_by = NULL, claimed_epoch = NULL, claimed_at = NULL, attempt = greatest(attempt - 1, 0)
WHERE claimed_by = $1 AND claimed_epoch = $2 AND priority = ANY($3::smallint[])
  AND notification_id <> ALL($4::uuid[])`;

const SQL = `
UPDATE communications_delivery
SET claimed_by = NULL, claimed_epoch = NULL, claimed_at = NULL, attempt = greatest(attempt - 1, 0),
    due_at = CASE WHEN $4 > 0 THEN now() + $4 * interval '1 millisecond' ELSE due_at END
WHERE notification_id = ANY($3::uuid[]) AND claimed_by = $1 AND claimed_epoch = $2`;
