import { laneOf } from '../domain/priority.js';
import type { Reason } from '../domain/reason.js';
import { decideRetry, type RetrySettings } from '../domain/retry-policy.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import { isSettled } from '../domain/status.js';
import type { Verdict } from '../domain/verdict.js';
import type { DeliveryRow } from '../store/delivery-row.js';

/** Reasons for which it is we who refuse. */
const OURS: readonly Reason[] = ['suppressed', 'template_inactive', 'opted_out'];

/**
 * Turns what a provider answered into what is recorded. A provider-wide fault has no verdict: it says
 * nothing of the message.
 * @param now milliseconds since 1970
 * @param random a number in [0, 1)
 */
export function decideTransition(
  row: Pick<DeliveryRow, 'attempt' | 'expires_at' | 'possible_duplicate' | 'status_facts'>,
  outcome: Exclude<SendOutcome, { kind: 'provider' }>,
  settings: RetrySettings,
  now: number,
  random: number,
): Verdict {
  if (outcome.kind === 'sent') {
    return {
      status: 'SENT',
      reason: null,
      next: { kind: 'gone' },
      possibleDuplicate: row.possible_duplicate,
      providerMessageId: outcome.providerMessageId,
      error: '',
    };
  }
  const failed = { reason: outcome.reason, error: outcome.detail, providerMessageId: null };
  const possibleDuplicate = row.possible_duplicate || outcome.kind === 'unknown';
  if (outcome.kind === 'permanent') {
    const ours = OURS.includes(outcome.reason);
    return {
      ...failed,
      status: ours ? 'REJECTED' : 'FAILED',
      next: ours || outcome.reason === 'expired' ? { kind: 'gone' } : { kind: 'held' },
      possibleDuplicate,
    };
  }
  const { channel, priority } = row.status_facts;
  if (outcome.kind === 'unknown' && isSettled('UNCONFIRMED', channel)) {
    return { ...failed, status: 'UNCONFIRMED', next: { kind: 'gone' }, possibleDuplicate };
  }
  const retry = decideRetry(
    {
      lane: laneOf(priority),
      attempt: row.attempt,
      remainingMs: row.expires_at.getTime() - now,
      ...(outcome.retryAfterMs !== undefined && { retryAfterMs: outcome.retryAfterMs }),
    },
    settings,
    random,
  );
  if (retry.kind === 'retry') {
    return {
      ...failed,
      status: outcome.kind === 'unknown' ? 'UNCONFIRMED' : 'RETRYING',
      next: { kind: 'again', delayMs: retry.delayMs },
      possibleDuplicate,
    };
  }
  return {
    ...failed,
    status: 'FAILED',
    // That it may have arrived matters more to whoever reads it than how the attempts ended.
    reason: outcome.kind === 'unknown' ? 'outcome_unknown' : retry.reason,
    next: retry.reason === 'expired' ? { kind: 'gone' } : { kind: 'held' },
    possibleDuplicate,
  };
}
