import type { EncodeStatus } from '../domain/notification.js';
import type { Reason } from '../domain/reason.js';
import { applyTransitions } from './apply-transitions.js';
import { buildTransition } from './build-transition.js';
import type { Statements } from './database.js';
import type { DeliveryRow } from './delivery-row.js';

/** Ends messages that wait. What has been claimed since it was read is left alone. @returns the ids of the others */
export function cancelWaiting(
  tx: Statements,
  rows: readonly DeliveryRow[],
  why: { readonly reason: Extract<Reason, 'cancelled' | 'superseded'>; readonly error: string },
  encode: EncodeStatus,
): Promise<ReadonlySet<string>> {
  const transitions = rows.map((row) =>
    buildTransition(
      row,
      {
        ...why,
        status: 'CANCELLED',
        next: { kind: 'gone' },
        possibleDuplicate: row.possible_duplicate,
        providerMessageId: null,
      },
      new Date(),
      encode,
    ),
  );
  return applyTransitions(tx, transitions);
}
