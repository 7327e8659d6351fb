import { z } from 'zod';
import type { Channel } from '../domain/channel.js';
import { type Priority, priorityRank } from '../domain/priority.js';
import type { WorkerClaim } from './claim-deliveries.js';
import type { Statements } from './database.js';

/** A connection that died in silence must not hold a lane; both statements bear repetition. */
const LIMIT_MS = 5_000;

/** One claim of one notification. */
export interface Claim {
  readonly notificationId: string;
  readonly claimId: string;
}

/**
 * Gives claims back as if they had never been: for messages that were not handed over, because the
 * provider as a whole is at fault, a key is missing or we are stopping. No attempt is burnt, no status
 * follows. They are due again after `delayMs`. Repeated, or late, it touches no other claim of the same row.
 * @returns how many
 */
export async function releaseClaims(
  db: Statements,
  claims: readonly Claim[],
  delayMs: number,
): Promise<number> {
  if (claims.length === 0) return 0;
  const notifications = claims.map(({ notificationId }) => notificationId);
  return db.run(SQL, [notifications, claims.map(({ claimId }) => claimId), delayMs], {
    timeoutMs: LIMIT_MS,
  });
}

/**
 * Gives back what a worker has claimed of a channel's priorities and knows nothing of: the answer to its claim was
 * lost, so nothing of it was handed over. To be asked only while no claim of theirs is under way.
 * @param known names of the claims it does know of, and keeps
 * @returns how many
 */
export async function releaseLostClaims(
  db: Statements,
  { workerId, epoch }: WorkerClaim,
  { channel, priorities }: { readonly channel: Channel; readonly priorities: readonly Priority[] },
  known: readonly string[],
): Promise<number> {
  // By name: carried out late, a statement about all that is unknown would free what was claimed since.
  const lost = await db.rows(
    LOST,
    [workerId, epoch, channel, priorities.map(priorityRank), known],
    lostClaim,
    {
      timeoutMs: LIMIT_MS,
    },
  );
  return releaseClaims(db, lost, 0);
}

const lostClaim = z
  .object({ notification_id: z.string(), claim_id: z.string() })
  .transform(
    ({ notification_id, claim_id }): Claim => ({ notificationId: notification_id, claimId: claim_id }),
  );

const LOST = `
SELECT notification_id, claim_id FROM communications_delivery
WHERE claimed_by = $1 AND claimed_epoch = $2 AND channel = $3
  AND priority = ANY($4::smallint[]) AND claim_id <> ALL($5::uuid[])`;

// Looked up by arrays: ADR 24.
const SQL = `
UPDATE communications_delivery d
SET claimed_by = NULL, claimed_epoch = NULL, claimed_at = NULL, claim_id = NULL,
    attempt = greatest(attempt - 1, 0),
    due_at = CASE WHEN $3 > 0 THEN now() + $3 * interval '1 millisecond' ELSE due_at END
FROM unnest($1::uuid[], $2::uuid[]) AS claim(notification_id, claim_id)
WHERE d.notification_id = ANY (ARRAY[claim.notification_id]) AND d.claim_id = claim.claim_id`;
