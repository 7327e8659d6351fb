import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideTransition } from '../../../src/delivery/decide-transition.js';
import type { NotificationFacts } from '../../../src/domain/notification.js';
import { PRIORITIES, type Priority } from '../../../src/domain/priority.js';
import type { SendOutcome } from '../../../src/domain/send-outcome.js';
import { isSettled, mayFollow, type Status } from '../../../src/domain/status.js';

const LIFETIME_MS = 600_000;
const MAX_RETRIES = 3;

const facts = (priority: Priority, channel: 'email' | 'sms' = 'email'): NotificationFacts => ({
  channel,
  priority,
  module: 'auth',
  rule: 'auth/verification-code',
  template: 'auth_otp',
  templateVersion: 1,
  recipientId: null,
  recipientMasked: null,
  sourceEventId: '1',
  sourceEventSource: '/chesanto/auth',
  sourceEventType: 'otp.requested',
  sourceTopic: 'otp.requested',
  sourcePartition: 0,
  sourceOffset: '0',
  sourceSubject: null,
  traceparent: null,
  eventTime: 0,
});

type Decided = Exclude<SendOutcome, { kind: 'provider' }>;
const refused = (kind: 'transient' | 'permanent' | 'unknown', retryAfterMs?: number): Decided => ({
  kind,
  reason: 'unreachable',
  detail: 'no',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const outcome: fc.Arbitrary<Decided> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Decided>({ kind: 'sent', providerMessageId: 'x' }) },
  { weight: 1, arbitrary: fc.constant(refused('permanent')) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom('transient' as const, 'unknown' as const),
        fc.option(fc.nat(LIFETIME_MS), { nil: undefined }),
      )
      .map(([kind, wait]) => refused(kind, wait)),
  },
);

describe('what is made of the answers to a message', () => {
  it('is a way that ends: every step may follow the last, and a doubt is never taken back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PRIORITIES),
        fc.array(outcome, { minLength: 1, maxLength: 40 }),
        fc.float({ min: 0, max: Math.fround(0.999), noNaN: true }),
        (priority, outcomes, random) => {
          let now = 0;
          let last: Status = 'QUEUED';
          let doubt = false;
          for (const [n, answer] of outcomes.entries()) {
            const row = {
              attempt: n + 1,
              expires_at: new Date(LIFETIME_MS),
              possible_duplicate: doubt,
              status_facts: facts(priority),
            };
            const settings = { retryDelayMs: 1_000, maxRetries: MAX_RETRIES };
            const verdict = decideTransition(row, answer, settings, now, random);
            expect(mayFollow(last, verdict.status, 'email')).toBe(true);
            expect(verdict.possibleDuplicate).toBe(doubt || answer.kind === 'unknown');
            expect(isSettled(verdict.status, 'email')).toBe(verdict.next.kind !== 'again');
            last = verdict.status;
            doubt = verdict.possibleDuplicate;
            if (verdict.next.kind !== 'again') return;
            // The next attempt comes before the message expires, or it would be one too many.
            now += verdict.next.delayMs;
            expect(now).toBeLessThan(LIFETIME_MS);
            if (priority !== 'high') expect(n + 1).toBeLessThanOrEqual(MAX_RETRIES);
          }
        },
      ),
    );
  });

  it('never sends a text message again whose answer was lost', () => {
    const row = {
      attempt: 1,
      expires_at: new Date(LIFETIME_MS),
      possible_duplicate: false,
      status_facts: facts('high', 'sms'),
    };
    const verdict = decideTransition(row, refused('unknown'), { retryDelayMs: 0, maxRetries: 9 }, 0, 0);
    expect(verdict).toMatchObject({ status: 'UNCONFIRMED', next: { kind: 'gone' }, possibleDuplicate: true });
  });
});
