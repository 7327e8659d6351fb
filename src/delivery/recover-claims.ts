import type { EncodeStatus } from '../domain/notification.js';
import type { RetrySettings } from '../domain/retry-policy.js';
import type { Verdict } from '../domain/verdict.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { applyTransitions } from '../store/apply-transitions.js';
import { buildTransition } from '../store/build-transition.js';
import type { WorkerClaim } from '../store/claim-deliveries.js';
import type { Database } from '../store/database.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import { claimsOf, markDeadWorkers, removeWorker } from '../store/worker.js';
import { decideTransition } from './decide-transition.js';

const CHUNK = 200;
/** A message under way at the end of so many instances may be what ended them. */
const MOST_ATTEMPTS = 8;

export interface RecoverOptions {
  readonly database: Database;
  readonly encode: EncodeStatus;
  readonly retries: RetrySettings;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Frees what dead workers had under way: each such message may have gone out, and says so from now on. */
export async function recoverClaims(options: RecoverOptions): Promise<number> {
  let recovered = 0;
  for (const dead of await markDeadWorkers(options.database)) {
    let claims = 0;
    for (;;) {
      const rows = await claimsOf(options.database, dead, CHUNK);
      if (rows.length === 0) break;
      claims += await unconfirm(rows, options);
    }
    await removeWorker(options.database, dead);
    logRecovery(options.log, dead, claims);
    recovered += claims;
  }
  return recovered;
}

async function unconfirm(rows: readonly DeliveryRow[], options: RecoverOptions): Promise<number> {
  const transitions = rows.map((row) => {
    const verdict = decideTransition(
      row,
      {
        kind: 'unknown',
        reason: 'outcome_unknown',
        detail: 'the instance that was sending it ended before the answer was recorded',
      },
      options.retries,
      Date.now(),
      Math.random(),
    );
    return buildTransition(row, again(row, verdict), new Date(), options.encode);
  });
  const recorded = await applyTransitions(options.database, transitions);
  for (const { change } of transitions) {
    const row = rows.find(({ notification_id: id }) => id === change.notificationId);
    if (row && recorded.has(change.notificationId)) {
      const { status, reason, provider } = change;
      options.metrics.statusRecorded({ ...row.status_facts, status, reason, provider });
    }
  }
  return recorded.size;
}

function again(row: DeliveryRow, verdict: Verdict): Verdict {
  if (verdict.next.kind !== 'again') return verdict;
  // Unconfirmed before: so it was under way at the end of an instance more than once.
  if (row.possible_duplicate && row.attempt >= MOST_ATTEMPTS)
    return { ...verdict, status: 'FAILED', next: { kind: 'held' } };
  // The provider asked for no wait, and the person has waited long enough.
  return { ...verdict, next: { kind: 'again', delayMs: 0 } };
}

function logRecovery(log: Log, dead: WorkerClaim & { readonly instance: string }, claims: number): void {
  const fields = { worker: dead.instance, epoch: dead.epoch, claims };
  if (claims === 0) log.info('a worker is gone; it had nothing under way', fields);
  else log.warn('a worker is gone; what it had under way is unconfirmed', fields);
}
