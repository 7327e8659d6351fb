import { z } from 'zod';
import type { Statements } from './database.js';
import { DELIVERY_COLUMNS, type DeliveryRow, deliveryRow } from './delivery-row.js';
import { HELD } from './held-messages.js';

/** What waits of these, locked until the transaction ends. What is on the wire is left out. */
export const lockCancellable = (tx: Statements, ids: readonly string[]): Promise<DeliveryRow[]> =>
  ids.length === 0 ? Promise.resolve([]) : tx.rows(BY_ID, [ids], deliveryRow);

export interface OfRule {
  readonly rule: string;
  /** Only what the brake holds. */
  readonly held: boolean;
  /** Nothing that came after this row. */
  readonly until: number;
}

/** The same of a rule, oldest first. What somebody else has locked is left for the next time. */
export const lockCancellableOf = (
  tx: Statements,
  { rule, held, until }: OfRule,
  limit: number,
): Promise<DeliveryRow[]> => tx.rows(held ? HELD_OF_RULE : OF_RULE, [rule, until, limit], deliveryRow);

const waiting = z
  .object({ waiting: z.number(), on_the_wire: z.number(), newest: z.number().nullable() })
  .transform(({ on_the_wire, newest, ...row }) => ({ ...row, onTheWire: on_the_wire, newest: newest ?? 0 }));
export type WaitingOfRule = Readonly<z.infer<typeof waiting>>;

/** How much of a rule waits, and the newest row of it. */
export async function countCancellable(
  db: Statements,
  { rule, held }: Pick<OfRule, 'rule' | 'held'>,
): Promise<WaitingOfRule> {
  const [row] = await db.rows(COUNT, [rule, held], waiting);
  return row ?? { waiting: 0, onTheWire: 0, newest: 0 };
}

const WAITS = `claimed_by IS NULL AND last_status <> 'FAILED'`;

// In the order of no index: ADR 24.
const BY_ID = `
SELECT ${DELIVERY_COLUMNS} FROM communications_delivery d
WHERE notification_id = ANY($1::uuid[]) AND ${WAITS} ORDER BY d.id + 0 FOR UPDATE OF d`;

const ofRule = (condition: string) => `
SELECT ${DELIVERY_COLUMNS} FROM communications_delivery d
WHERE rule = $1 AND id <= $2 AND claimed_by IS NULL AND ${condition}
ORDER BY d.id LIMIT $3 FOR UPDATE OF d SKIP LOCKED`;
const OF_RULE = ofRule(WAITS);
const HELD_OF_RULE = ofRule(HELD);

const COUNT = `
SELECT count(*) FILTER (WHERE ${WAITS})::integer AS waiting,
       count(*) FILTER (WHERE claimed_by IS NOT NULL)::integer AS on_the_wire, max(id) AS newest
FROM communications_delivery
WHERE rule = $1 AND last_status <> 'FAILED' AND (NOT $2 OR ${HELD})`;
