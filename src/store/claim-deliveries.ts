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
  /** Nothing that was due before; null: whatever is due. */
  readonly dueFrom: Date | null;
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
  return db.rows(SQL, claimValues({ worker, ...queue, limit, dueFrom: null }), deliveryRow, {
    name: 'claim',
    timeoutMs: CLAIM_LIMIT_MS,
  });
}

/** For the placeholders of `claimSteps`. */
export const claimValues = ({ worker, channel, priority, limit, dueFrom }: Claim): readonly unknown[] => [
  worker.workerId,
  worker.epoch,
  channel,
  priorityRank(priority),
  limit,
  dueFrom ?? '-infinity',
];

/** A connection that died in silence would otherwise hold the lane for the 35 s of the pool's own limit. */
export const CLAIM_LIMIT_MS = 5_000;

/**
 * The steps up to `claimed`, for a statement that claims.
 * @param first number of the first of six placeholders in a row: worker, epoch, channel, priority, most rows, due from
 * @param idle the statement does nothing where nothing is due, and looks whether it is before it locks
 */
// One priority: over a range of them the index would be read through all that is not yet due. An idle instance locks
// the worker's row only if there is something to claim: a lock is a write, and it asks 18 times a second. Ids as an
// array: ADR 24.
export function claimSteps(first: number, { idle }: { readonly idle: boolean }): string {
  const [worker, epoch, channel, priority, most, from] = [0, 1, 2, 3, 4, 5].map((n) => `$${first + n}`);
  const due = `d.channel = ${channel} AND d.priority = ${priority} AND d.due_at BETWEEN ${from}::timestamptz AND now()
    AND d.expires_at > now() AND d.claimed_by IS NULL`;
  const somethingDue = `AND EXISTS (SELECT 1 FROM communications_delivery d WHERE ${due})`;
  return `
me AS (
  SELECT 1 FROM communications_worker
  WHERE id = ${worker} AND epoch = ${epoch} AND dead_at IS NULL
    ${idle ? somethingDue : ''}
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
  WHERE d.id = ANY (ARRAY(SELECT id FROM due))
  RETURNING ${DELIVERY_COLUMNS}, d.due_at
)`;
}

const SQL = `WITH ${claimSteps(1, { idle: true })} SELECT * FROM claimed`;
