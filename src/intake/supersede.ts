import type { EncodeStatus } from '../domain/notification.js';
import { cancelWaiting } from '../store/cancel-waiting.js';
import type { Tx } from '../store/database.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import { insertSkips, ruleSkip } from '../store/insert-skips.js';
import { deleteFailedOf, deleteParkedOf, lockWaiting, type Made } from '../store/supersede.js';

const TAKEN = { reason: 'superseded', error: 'a newer event took its place before it was sent' } as const;

/** Cancels what newer events have taken the place of. What is on the wire by now goes out. @returns what was cancelled */
export async function supersede(
  tx: Tx,
  replaced: readonly Made[],
  encode: EncodeStatus,
): Promise<readonly DeliveryRow[]> {
  const parked = await deleteParkedOf(tx, replaced);
  await insertSkips(
    tx,
    parked.map(({ eventRef, rule }) => ruleSkip(eventRef, rule, 'superseded')),
  );
  await deleteFailedOf(tx, replaced);
  const rows = await lockWaiting(tx, replaced);
  const cancelled = await cancelWaiting(tx, rows, TAKEN, encode);
  return rows.filter(({ notification_id: id }) => cancelled.has(id));
}
