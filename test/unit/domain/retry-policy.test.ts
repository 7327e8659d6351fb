import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRetry } from '../../../src/domain/retry-policy.js';

const settings = { retryDelayMs: 60_000, maxRetries: 3 };
const aWeek = 7 * 86_400_000;
const attempt = fc.integer({ min: 1, max: 60 });
const remainingMs = fc.integer({ min: 1, max: aWeek });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the retry policy', () => {
  it('tries a normal message 1 + EMAIL_MAX_RETRIES times, doubling the wait', () => {
    const waits = [1, 2, 3, 4].map((n) =>
      decideRetry({ lane: 'normal', attempt: n, remainingMs: aWeek }, settings, 0),
    );
    expect(waits).toEqual([
      { kind: 'retry', delayMs: 60_000 },
      { kind: 'retry', delayMs: 120_000 },
      { kind: 'retry', delayMs: 240_000 },
      { kind: 'give_up', reason: 'attempts_exhausted' },
    ]);
  });

  it('tries a high message at 0.1, 0.3, 2 and 10 s, then every 30 s until it expires', () => {
    const waits = [1, 2, 3, 4, 5, 40].map((n) =>
      decideRetry({ lane: 'high', attempt: n, remainingMs: 600_000 }, settings, 0),
    );
    expect(waits.map((w) => (w.kind === 'retry' ? w.delayMs : w.reason))).toEqual([
      100, 300, 2_000, 10_000, 30_000, 30_000,
    ]);
    expect(decideRetry({ lane: 'high', attempt: 3, remainingMs: 1_999 }, settings, 0)).toEqual({
      kind: 'give_up',
      reason: 'expired',
    });
  });

  it('never plans a retry for after the message has expired', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('high' as const, 'normal' as const),
        attempt,
        remainingMs,
        random,
        (lane, n, remaining, r) => {
          const decision = decideRetry({ lane, attempt: n, remainingMs: remaining }, settings, r);
          if (decision.kind === 'retry') expect(decision.delayMs).toBeLessThan(remaining);
        },
      ),
    );
  });

  it('waits at least as long as the provider asks, and spreads what failed together', () => {
    fc.assert(
      fc.property(attempt, fc.integer({ min: 0, max: 86_400_000 }), random, (n, retryAfterMs, r) => {
        const failed = { lane: 'high' as const, attempt: n, remainingMs: aWeek };
        const plain = decideRetry(failed, settings, 0);
        const decision = decideRetry({ ...failed, retryAfterMs }, settings, r);
        if (decision.kind !== 'retry' || plain.kind !== 'retry') throw new Error('a week leaves room');
        expect(decision.delayMs).toBeGreaterThanOrEqual(retryAfterMs);
        expect(decision.delayMs).toBeLessThanOrEqual(Math.max(retryAfterMs, plain.delayMs * 1.2 + 1));
      }),
    );
  });
});
