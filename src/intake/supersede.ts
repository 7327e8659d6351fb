import type { EncodeStatus } from '../domain/notification.js';
import { applyTransitions } from '../store/apply-transitions.js';
import { buildTransition } from '../store/build-transition.js';
import type { Tx } from '../store/database.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import { insertSkips, ruleSkip } from '../store/insert-skips.js';
import { deleteParkedOf, lockWaiting, type Made } from '../store/supersede.js';

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
  const rows = await lockWaiting(tx, replaced);
  const transitions = rows.map((row) =>
    buildTransition(
      row,
      {
        status: 'CANCELLED',
        reason: 'superseded',
        next: { kind: 'gone' },
        possibleDuplicate: row.possible_duplicate,
        providerMessageId: null,
        error: 'a newer event took its place before it was sent',
      },
      new Date(),
      encode,
    ),
  );
  const recorded = await applyTransitions(tx, transitions);
  return rows.filter(({ notification_id: id }) => recorded.has(id));
}
