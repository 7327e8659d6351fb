import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCommitGuard, type Membership } from '../../../src/bus/commit-guard.js';

const TOPIC = 'otp.requested';
const partition = fc.integer({ min: 0, max: 2 });

const step = fc.oneof(
  fc.record({ kind: fc.constant('join' as const), owned: fc.uniqueArray(partition) }),
  fc.record({ kind: fc.constant('leave' as const) }),
  fc.record({
    kind: fc.constant('commit' as const),
    partition,
    next: fc.bigInt({ min: 0n, max: 20n }),
    /** Which of the memberships so far the records were fetched under; 0 is the newest. */
    age: fc.nat({ max: 2 }),
  }),
);

describe('commit guard', () => {
  it('lets through only rising offsets of owned partitions under the current membership', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const guard = createCommitGuard();
        const memberships: Membership[] = [];
        let owned: number[] = [];
        let sent = new Map<number, bigint>();
        for (const each of steps) {
          if (each.kind === 'join') {
            guard.joined(each.owned.map((one) => [TOPIC, one]));
            const current = guard.current();
            if (current !== undefined) memberships.push(current);
            owned = each.owned;
            sent = new Map();
          } else if (each.kind === 'leave') {
            guard.left();
            owned = [];
          } else {
            const under = memberships.at(-1 - each.age);
            if (under === undefined) continue;
            const verdict = guard.judge(under, TOPIC, each.partition, each.next);
            const mine = each.age === 0 && owned.includes(each.partition);
            const highest = sent.get(each.partition) ?? -1n;
            expect(verdict).toBe(mine ? (each.next > highest ? 'commit' : 'behind') : 'lost');
            if (verdict !== 'commit') continue;
            guard.committed(under, TOPIC, each.partition, each.next);
            sent.set(each.partition, each.next);
          }
        }
      }),
    );
  });

  it('forgets what was committed when the same partition comes back, since its offset may have been reset', () => {
    const guard = createCommitGuard();
    const join = () => {
      guard.joined([[TOPIC, 0]]);
      const membership = guard.current();
      if (membership === undefined) throw new Error('joined without a membership');
      return membership;
    };
    guard.committed(join(), TOPIC, 0, 10n);
    expect(guard.judge(join(), TOPIC, 0, 3n)).toBe('commit');
  });
});
