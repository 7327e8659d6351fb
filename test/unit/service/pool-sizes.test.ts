import fc from 'fast-check';
import { expect, it } from 'vitest';
import { poolSizes } from '../../../src/service/open-databases.js';

it('divides all that there are, so that nobody is without', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 200 }), (all) => {
      const { bus, others, recording } = poolSizes(all);
      expect(bus + others + recording).toBe(all);
      expect(Math.min(bus, others)).toBeGreaterThanOrEqual(2);
    }),
  );
});

it('has some for recording alone from 19 on, and then at least six for the rest', () => {
  expect(poolSizes(18)).toEqual({ bus: 9, others: 9, recording: 0 });
  expect(poolSizes(19)).toEqual({ bus: 9, others: 6, recording: 4 });
  expect(poolSizes(20)).toEqual({ bus: 10, others: 6, recording: 4 });
});
