import { expect, it } from 'vitest';
import { durationMs } from '../../../src/rules/duration.js';
import { at, businessDateOf, endOf } from '../../../src/rules/times.js';

it('counts days as Nairobi does', () => {
  expect(at('2025-10-01', '08:00')).toEqual(new Date('2025-10-01T05:00:00Z'));
  expect(endOf('2025-12-31')).toEqual(new Date('2025-12-31T21:00:00Z'));
  expect(businessDateOf(new Date('2025-09-30T20:59:59Z'))).toBe('2025-09-30');
  expect(businessDateOf(new Date('2025-09-30T21:00:00Z'))).toBe('2025-10-01');
});

it.each([
  ['10m', 600_000],
  ['24h', 86_400_000],
  ['7d', 604_800_000],
] as const)('%s is %d ms', (duration, ms) => {
  expect(durationMs(duration)).toBe(ms);
});

it.each(['0h', '-1d', '1.5h'] as const)('%s is no duration', (duration) => {
  expect(() => durationMs(duration)).toThrow(RangeError);
});
