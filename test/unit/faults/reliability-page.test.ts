import { expect, it } from 'vitest';
import type { Outcome } from '../../faults/outcome.js';
import { withRows } from '../../faults/reliability-page.js';

const outcome = (fault: string, events: number): Outcome => ({
  fault,
  what: `what ${fault} does`,
  instances: 2,
  times: 3,
  seconds: 60,
  account: {
    ...{ events, mails: events + 2, lost: ['one'], doubled: [], flagged: ['a', 'b'], cameTwice: ['a'] },
    ...{ outOfOrder: [], gaps: [], stuck: [], astray: [], copies: [], repeats: 0 },
  },
  mayFlag: 15,
  recoveries: [0, 8_440],
  codes: { p50: 80, p99: 900, most: 1_200 },
  others: 0.014,
  slow: [],
  problems: [],
});
const EMPTY = `# Reliability
<!-- rows by npm run faults -- --write -->
<!-- end of rows -->
And more.
`;
const rowsIn = (page: string) => page.split('\n').filter((line) => line.startsWith('| `'));

it('writes a row with the figures and the run they are from', () => {
  const page = withRows(EMPTY, [outcome('kill', 120)], 'seed 7, 2026-11-27, abc1234');
  expect(rowsIn(page)).toEqual([
    '| `kill` what kill does | 3 | 120 | 1 | 0 | 2 (15) | 1 | 0 | 0 | 0 | 0 | 8.4 | 900 | 1200 | 1 | seed 7, 2026-11-27, abc1234 |',
  ]);
  expect(page).toContain('And more.');
});

it('has as many cells in its head and rule as in its rows', () => {
  const lines = withRows(EMPTY, [outcome('kill', 120)], 'seed 7')
    .split('\n')
    .filter((line) => line.startsWith('|'));
  expect(new Set(lines.map((line) => line.split('|').length)).size).toBe(1);
});

it('replaces the row of a fault that was run again and keeps the others, in the order of the suite', () => {
  const before = withRows(EMPTY, [outcome('freeze', 1), outcome('kill', 2)], 'seed 1');
  const after = withRows(before, [outcome('freeze', 3), outcome('kills', 4)], 'seed 2');
  expect(rowsIn(after).map((row) => row.split('|').slice(1, 4))).toEqual([
    [' `kills` what kills does ', ' 3 ', ' 4 '],
    [' `kill` what kill does ', ' 3 ', ' 2 '],
    [' `freeze` what freeze does ', ' 3 ', ' 3 '],
  ]);
});

it('says what is missing in a page without a place for rows', () => {
  expect(() => withRows('# Reliability', [], '')).toThrow('put them around its table');
});
