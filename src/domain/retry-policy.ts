import type { Lane } from './priority.js';

export interface RetrySettings {
  /** EMAIL_RETRY_DELAY: the first wait of the normal lane, in milliseconds. */
  readonly retryDelayMs: number;
  /** EMAIL_MAX_RETRIES: attempts of the normal lane are one more. */
  readonly maxRetries: number;
}

export interface FailedAttempt {
  readonly lane: Lane;
  /** Attempts made so far, this one included: 1 or more. */
  readonly attempt: number;
  /** What the provider asked for, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Time left until the message expires, in milliseconds. */
  readonly remainingMs: number;
}

export type RetryDecision =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'give_up'; readonly reason: 'attempts_exhausted' | 'expired' };

/** A person waits for it: quick first, then steady until it expires. */
const HIGH_DELAYS_MS = [100, 300, 2_000, 10_000];
const HIGH_STEADY_MS = 30_000;
const LONGEST_MS = 3_600_000;
/** Up to a fifth more, so that what failed together doesn't come back together. */
const JITTER = 0.2;

/**
 * When to try again after a transient failure.
 * @param random a number in [0, 1)
 */
export function decideRetry(failed: FailedAttempt, settings: RetrySettings, random: number): RetryDecision {
  if (failed.lane === 'normal' && failed.attempt > settings.maxRetries) {
    return { kind: 'give_up', reason: 'attempts_exhausted' };
  }
  const planned = plannedDelay(failed, settings) * (1 + JITTER * random);
  const delayMs = Math.round(Math.max(planned, failed.retryAfterMs ?? 0));
  if (delayMs >= failed.remainingMs) return { kind: 'give_up', reason: 'expired' };
  return { kind: 'retry', delayMs };
}

function plannedDelay({ lane, attempt }: FailedAttempt, settings: RetrySettings): number {
  if (lane === 'high') return HIGH_DELAYS_MS[attempt - 1] ?? HIGH_STEADY_MS;
  return Math.min(settings.retryDelayMs * 2 ** (attempt - 1), LONGEST_MS);
}
