import type { EncodeStatus, StatusChange } from '../domain/notification.js';
import { isSettled } from '../domain/status.js';
import type { Verdict } from '../domain/verdict.js';
import type { Transition } from './apply-transitions.js';
import type { DeliveryRow } from './delivery-row.js';

/** A verdict on a row, as one step from where the row was read to where it goes. */
export function buildTransition(
  row: DeliveryRow,
  verdict: Verdict,
  occurredAt: Date,
  encode: EncodeStatus,
): Transition {
  const facts = row.status_facts;
  const change: StatusChange = {
    notificationId: row.notification_id,
    sequence: row.sequence + 1,
    status: verdict.status,
    settled: isSettled(verdict.status, facts.channel),
    occurredAt,
    reason: verdict.reason,
    provider: verdict.provider ?? row.provider,
    providerMessageId: verdict.providerMessageId,
    attempt: row.attempt,
    possibleDuplicate: verdict.possibleDuplicate,
  };
  return {
    channel: facts.channel,
    expected: { sequence: row.sequence, claimId: row.claim_id },
    change,
    next: verdict.next,
    error: verdict.error,
    message: encode(facts, change),
  };
}
