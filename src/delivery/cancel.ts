import type { EncodeStatus } from '../domain/notification.js';
import { abandonEventsOf } from '../store/abandon-events.js';
import { cancelWaiting } from '../store/cancel-waiting.js';
import { type Database, inTransaction, type Tx } from '../store/database.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import { countCancellable, lockCancellable, lockCancellableOf } from '../store/lock-cancellable.js';
import { type MessageState, messageStates } from '../store/message-states.js';
import { retryingDeadlocks } from '../store/retrying-deadlocks.js';
import { rehearsed } from '../store/rolled-back.js';

const CHUNK = 500;

export interface CancelOptions {
  readonly database: Database;
  readonly encode: EncodeStatus;
  /** Why, in a person's words; kept in the log. */
  readonly note: string;
  readonly dryRun?: boolean;
}

export type Cancelled =
  | { readonly kind: 'cancelled' }
  /** It can't be called back. */
  | { readonly kind: 'on the wire' }
  | { readonly kind: 'settled'; readonly status: MessageState['status'] }
  | { readonly kind: 'not found' };

/** Takes back what still waits of these. @returns what became of each */
export function cancelMessages(
  ids: readonly string[],
  options: CancelOptions,
): Promise<ReadonlyMap<string, Cancelled>> {
  const { database, dryRun = false } = options;
  const work = async (tx: Tx) => {
    const cancelled = await takeBack(tx, await lockCancellable(tx, ids), options);
    const others = await messageStates(
      tx,
      ids.filter((id) => !cancelled.has(id)),
    );
    return new Map(
      ids.map((id): [string, Cancelled] => [
        id,
        cancelled.has(id) ? { kind: 'cancelled' } : whyNot(others.get(id)),
      ]),
    );
  };
  return retryingDeadlocks(() => rehearsed(database, { dryRun }, work));
}

function whyNot(state: MessageState | undefined): Cancelled {
  if (state === undefined) return { kind: 'not found' };
  return state.settled ? { kind: 'settled', status: state.status } : { kind: 'on the wire' };
}

export interface CancelledOfRule {
  readonly cancelled: number;
  /** These go out. */
  readonly onTheWire: number;
}

/** Takes back what waits of a rule, as far as it was there when this began. */
export async function cancelRule(
  { rule, held }: { readonly rule: string; readonly held: boolean },
  options: CancelOptions,
): Promise<CancelledOfRule> {
  const { database, dryRun = false } = options;
  const before = await countCancellable(database, { rule, held });
  if (dryRun) return { cancelled: before.waiting, onTheWire: before.onTheWire };
  let cancelled = 0;
  for (;;) {
    const taken = await retryingDeadlocks(() =>
      inTransaction(database, async (tx) =>
        takeBack(tx, await lockCancellableOf(tx, { rule, held, until: before.newest }, CHUNK), options),
      ),
    );
    cancelled += taken.size;
    if (taken.size === 0) break;
  }
  const { onTheWire } = await countCancellable(database, { rule, held });
  return { cancelled, onTheWire };
}

async function takeBack(
  tx: Tx,
  rows: readonly DeliveryRow[],
  { encode, note }: CancelOptions,
): Promise<ReadonlySet<string>> {
  const cancelled = await cancelWaiting(tx, rows, { reason: 'cancelled', error: note }, encode);
  // Nobody heard of it: the next event of that kind must not be collapsed into it, nor this one go out to others.
  await abandonEventsOf(tx, [...cancelled]);
  return cancelled;
}
