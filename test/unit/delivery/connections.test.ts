import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConnections } from '../../../src/delivery/connections.js';

const shares = fc
  .integer({ min: 2, max: 20 })
  .chain((all) => fc.record({ all: fc.constant(all), forHigh: fc.integer({ min: 1, max: all - 1 }) }));
const lane = fc.constantFrom('high' as const, 'normal' as const);
const steps = fc.array(fc.record({ lane, keep: fc.nat(20) }), { maxLength: 40 });

describe('the connections', () => {
  it('are never more in use than there are, and normal never takes those kept for high', () => {
    fc.assert(
      fc.property(shares, steps, (limits, plan) => {
        const connections = createConnections(limits, () => {});
        const used = { high: 0, normal: 0 };
        for (const { lane: on, keep } of plan) {
          const taken = connections.take(on);
          const kept = Math.min(keep, taken);
          connections.give(on, taken - kept);
          used[on] += kept;
          expect(used.high + used.normal).toBeLessThanOrEqual(limits.all);
          expect(used.normal).toBeLessThanOrEqual(limits.all - limits.forHigh);
          if (keep % 3 === 0 && used[on] > 0) {
            connections.give(on, 1);
            used[on] -= 1;
          }
        }
      }),
    );
  });

  it('may all be used by high priority, and what it leaves by normal', () => {
    const connections = createConnections({ all: 5, forHigh: 2 }, () => {});
    expect(connections.take('high')).toBe(5);
    expect(connections.take('normal')).toBe(0);
    connections.give('high', 4);
    expect(connections.take('normal')).toBe(3);
    expect(connections.take('high')).toBe(1);
  });

  it('are for high priority alone while it wants more', () => {
    const offered: string[] = [];
    const connections = createConnections({ all: 5, forHigh: 2 }, (lane) => offered.push(lane));
    expect([connections.take('normal'), connections.take('high'), connections.take('high')]).toEqual([
      3, 2, 0,
    ]);
    connections.wants('high', true);
    expect([connections.mayKeep('normal'), connections.mayKeep('high')]).toEqual([false, true]);
    connections.give('normal', 3);
    expect(offered).toEqual(['high']);
    expect(connections.take('normal')).toBe(0);
    expect(connections.take('high')).toBe(3);
    connections.give('high', 3);
    expect(offered).toEqual(['high']);
    connections.wants('high', false);
    expect(offered).toEqual(['high', 'normal']);
    expect(connections.take('normal')).toBe(3);
  });

  it('are offered once to the lane that was refused, and to no other', () => {
    const offered: string[] = [];
    const connections = createConnections({ all: 5, forHigh: 2 }, (lane) => offered.push(lane));
    connections.take('high');
    connections.take('normal');
    connections.give('high', 1);
    connections.give('high', 1);
    expect(offered).toEqual(['normal']);
    // One that finds nothing to do gives back what it took: that is no news for itself.
    connections.give('normal', connections.take('normal'));
    expect(offered).toEqual(['normal']);
  });
});
