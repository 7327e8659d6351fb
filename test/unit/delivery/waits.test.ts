import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWaits } from '../../../src/delivery/waits.js';

describe('the wait for what is missing', () => {
  it('grows from 15 s to 5 min while it lasts, for what is missing alone', () => {
    let now = 0;
    const waits = createWaits(() => now);
    const after = [0, 14, 40, 100, 299, 301, 700];
    const met = after.map((seconds) => {
      now = seconds * 1_000;
      return waits.met('k1').ms / 1_000;
    });
    expect(met).toEqual([15, 15, 40, 100, 299, 300, 300]);
    expect(waits.met('k2').ms).toBe(15_000);
  });

  it('begins anew when nothing had to wait for a while', () => {
    let now = 0;
    const waits = createWaits(() => now);
    waits.met('k1');
    now = 601_000;
    expect(waits.met('k1')).toEqual({ ms: 15_000, tell: true });
  });

  it('is told once a minute for each, however many messages meet it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ what: fc.constantFrom('k1', 'k2'), ms: fc.integer({ min: 0, max: 5_000 }) }), {
          maxLength: 300,
        }),
        (steps) => {
          let now = 0;
          const waits = createWaits(() => now);
          const told = new Map<string, number>();
          for (const { what, ms } of steps) {
            now += ms;
            const last = told.get(what);
            const { tell, ms: wait } = waits.met(what);
            expect(tell).toBe(last === undefined || now - last >= 60_000);
            if (tell) told.set(what, now);
            expect(wait).toBeGreaterThanOrEqual(15_000);
            expect(wait).toBeLessThanOrEqual(300_000);
          }
        },
      ),
    );
  });
});
