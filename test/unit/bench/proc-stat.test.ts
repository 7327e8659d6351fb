import { expect, it } from 'vitest';
import { parseBusySeconds, parseProcStat } from '../../../bench/cpu/proc-stat.js';

const REST = 'S 41 50 50 0 -1 4194560 900 0 0 0 1234 66 500 25 20 0 11 0 7000 1048576 2000 184467';

it.each([
  ['an ordinary name', `50 (node) ${REST}`],
  ['a name with spaces and parentheses', `50 (postgres: (x) y) ${REST}`],
])('reads processor time after %s', (_, line) => {
  expect(parseProcStat(line)).toEqual({ parent: 41, cpuSeconds: 13, buriedSeconds: 5.25 });
});

it('refuses what is no such line', () => {
  expect(() => parseProcStat('50 (node)')).toThrow(/no line of/);
});

it('counts neither idle time nor waiting for disks as busy', () => {
  expect(parseBusySeconds('cpu  100 200 300 99999 88888 10 20 30 5 6\ncpu0 1 1 1 1\n')).toBeCloseTo(6.6);
});
