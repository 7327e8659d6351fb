import type { EncodeStatus } from '../domain/notification.js';
import type { Metrics } from '../observability/metrics.js';
import { applyTransitions } from '../store/apply-transitions.js';
import { buildTransition } from '../store/build-transition.js';
import type { Database } from '../store/database.js';
import { deleteHeldPastTime, selectExpired } from '../store/select-expired.js';

const CHUNK = 200;

/** Ends what has expired while it waited, and forgets failed messages nobody resent in time. */
export async function expireWaiting(
  database: Database,
  encode: EncodeStatus,
  metrics: Metrics,
): Promise<number> {
  await deleteHeldPastTime(database, CHUNK);
  const rows = await selectExpired(database, CHUNK);
  const transitions = rows.map((row) =>
    buildTransition(
      row,
      {
        status: 'FAILED',
        reason: 'expired',
        next: { kind: 'gone' },
        possibleDuplicate: row.possible_duplicate,
        providerMessageId: null,
        error: 'its time ran out before it could be sent',
      },
      new Date(),
      encode,
    ),
  );
  const recorded = await applyTransitions(database, transitions);
  for (const { status_facts: facts, notification_id: id, provider } of rows) {
    if (recorded.has(id)) metrics.statusRecorded({ ...facts, status: 'FAILED', reason: 'expired', provider });
  }
  return recorded.size;
}
