import type { Channel } from '../domain/channel.js';
import type { Priority } from '../domain/priority.js';
import { priorityRank } from '../domain/priority.js';
import type { Statements } from './database.js';
import { DELIVERY_COLUMNS, type DeliveryRow, deliveryRow } from './delivery-row.js';

export interface WorkerClaim {
  readonly workerId: string;
  readonly epoch: number;
}

/**
 * Claims up to `limit` due notifications of one channel and priority. The claim is the record of the attempt:
 * a row found claimed by a dead worker may have gone out. The share lock on the worker's own row
 * keeps a claim from slipping in while that worker is being declared dead.
 */
export function claimDeliveries(
  db: Statements,
  { workerId, epoch }: WorkerClaim,
  { channel, priority }: { readonly channel: Channel; readonly priority: Priority },
  limit: number,
): Promise<DeliveryRow[]> {
  return db.rows(SQL, [workerId, epoch, channel, priorityRank(priority), limit], deliveryRow, {
    name: 'claim',
    timeoutMs: CLAIM_LIMIT_MS,
  });
}

/** A connection that died in silence would otherwise hold the lane for the 35 s of the pool's own limit. */
const CLAIM_LIMIT_MS = 5_000;

const DUE = `d.channel = $3 AND d.priority = $4 AND d.due_at <= now() AND d.expires_at > now() AND d.claimed_by IS NULL`;

// One priority a call: over a range of them the index would be read through all that is not yet due. The worker's
// row is locked only if there is something to claim: a lock is a write, and an idle instance asks 18 times a second.
const SQL = `
WITH me AS (
  SELECT 1 FROM communications_worker
  WHERE id = $1 AND epoch = $2 AND dead_at IS NULL
    AND EXISTS (SELECT 1 FROM communications_delivery d WHERE ${DUE})
  FOR KEY SHARE
), due AS (
  SELECT d.id FROM communications_delivery d
  WHERE EXISTS (SELECT 1 FROM me) AND ${DUE}
  ORDER BY d.due_at, d.id
  LIMIT $5
  FOR UPDATE OF d SKIP LOCKED
)
UPDATE communications_delivery d
SET claimed_by = $1, claimed_epoch = $2, claimed_at = now(), claim_id = gen_random_uuid(), attempt = d.attempt + 1
FROM due WHERE d.id = due.id
RETURNING ${DELIVERY_COLUMNS}`;
