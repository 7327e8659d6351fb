import { expect, it } from 'vitest';
import { LATE_AFTER_MS, recoveries } from '../../faults/recovery.js';

const event = (id: string, dueAt: number) => ({ id, type: 'otp.requested', recipient: null, dueAt });
const fault = { beganAt: 10_000, overAt: 12_000 };
const LATE = LATE_AFTER_MS + 1;

it('counts from the end of the fault until the last late event has come to its end', () => {
  const events = [event('on its way', 9_500), event('new', 11_000), event('in time', 13_000)];
  const endedAt = new Map([
    ['on its way', 9_500 + LATE + 2_000],
    ['new', 11_000 + LATE + 5_000],
    ['in time', 13_100],
  ]);
  expect(recoveries(events, endedAt, [fault])).toEqual([11_000 + LATE + 5_000 - 12_000]);
});

it('is nothing where nothing was late', () => {
  expect(recoveries([event('a', 11_000)], new Map([['a', 11_000 + LATE_AFTER_MS]]), [fault])).toEqual([0]);
});

it('never ends for what has no end', () => {
  expect(recoveries([event('a', 11_000)], new Map(), [fault])).toEqual([Number.POSITIVE_INFINITY]);
});

it('puts what became late after the next fault began down to that one', () => {
  const next = { beganAt: 30_000, overAt: 30_000 };
  const endedAt = new Map([
    ['a', 12_000 + LATE],
    ['b', 40_000],
  ]);
  const events = [event('a', 11_000), event('b', 29_000)];
  expect(recoveries(events, endedAt, [fault, next])).toEqual([LATE, 10_000]);
});
