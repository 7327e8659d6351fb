import { expect, it } from 'vitest';
import { percentile } from '../../../bench/percentile.js';

it('takes the nearest rank, whatever the order', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100]);
  expect(percentile([1000, 9], 50)).toBe(9);
  expect(percentile([1, 2, 3], 50)).toBe(2);
  expect(percentile([7], 99)).toBe(7);
  expect(() => percentile([], 50)).toThrow(RangeError);
});
