import type { Channel } from '../domain/channel.js';
import type { Priority } from '../domain/priority.js';
import { priorityRank } from '../domain/priority.js';
import type { Statements } from './database.js';
import { DELIVERY_COLUMNS, type DeliveryRow, deliveryRow } from './delivery-row.js';

export interface WorkerClaim {
  readonly workerId: string;
  readonly epoch: number;
}

/** Up to `limit` due notifications of one channel and priority. */
export interface Claim {
  readonly worker: WorkerClaim;
  readonly channel: Channel;
  readonly priority: Priority;
  readonly limit: number;
}

/**
 * Claims up to `limit` due notifications of one channel and priority. The claim is the record of the attempt:
 * a row found claimed by a dead worker may have gone out. The share lock on the worker's own row
 * keeps a claim from slipping in while that worker is being declared dead.
 */
export function claimDeliveries(
  db: Statements,
  worker: WorkerClaim,
  queue: Pick<Claim, 'channel' | 'priority'>,
  limit: number,
): Promise<DeliveryRow[]> {
  return db.rows(SQL, claimValues({ worker, ...queue, limit }), deliveryRow, {
    name: 'claim',
    timeoutMs: CLAIM_LIMIT_MS,
  });
}

/** For the placeholders of `claimSteps`. */
export const claimValues = ({ worker, channel, priority, limit }: Claim): readonly unknown[] => [
  worker.workerId,
  worker.epoch,
  channel,
  priorityRank(priority),
  limit,
];

/** A connection that died in silence would otherwise hold the lane for the 35 s of the pool's own limit. */
export const CLAIM_LIMIT_MS = 5_000;

/**
 * The steps up to `claimed`, for a statement that claims.
 * @param first number of the first of five placeholders in a row: worker, epoch, channel, priority, most rows
 */
// One priority: over a range of them the index would be read through all that is not yet due. The worker's
// row is locked only if there is something to claim: a lock is a write, and an idle instance asks 18 times a second.
export function claimSteps(first: number): string {
  const [worker, epoch, channel, priority, most] = [0, 1, 2, 3, 4].map((n) => `$${first + n}`);
  const due = `d.channel = ${channel} AND d.priority = ${priority} AND d.due_at <= now() AND d.expires_at > now() AND d.claimed_by IS NULL`;
  return `
me AS (
  SELECT 1 FROM communications_worker
  WHERE id = ${worker} AND epoch = ${epoch} AND dead_at IS NULL
    AND EXISTS (SELECT 1 FROM communications_delivery d WHERE ${due})
  FOR KEY SHARE
), due AS (
  SELECT d.id FROM communications_delivery d
  WHERE EXISTS (SELECT 1 FROM me) AND ${due}
  ORDER BY d.due_at, d.id
  LIMIT ${most}
  FOR UPDATE OF d SKIP LOCKED
), claimed AS (
  UPDATE communications_delivery d
  SET claimed_by = ${worker}, claimed_epoch = ${epoch}, claimed_at = now(), claim_id = gen_random_uuid(),
      attempt = d.attempt + 1
  FROM due WHERE d.id = due.id
  RETURNING ${DELIVERY_COLUMNS}
)`;
}

const SQL = `WITH ${claimSteps(1)} SELECT * FROM claimed`;
