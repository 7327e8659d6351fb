import { expect, it } from 'vitest';
import { medianRun } from '../../../bench/median-run.js';
import { performancePage } from '../../../bench/performance-page.js';
import { disturbance, tableAsText, throughputTable } from '../../../bench/report.js';
import type { BenchResult, Throughput } from '../../../bench/result.js';

const measured = (change: Partial<Throughput>): Throughput => ({
  name: 'ours',
  events: 1000,
  mailedSeconds: 0.5,
  publishedSeconds: 0.625,
  bytesPerMail: 16_800,
  twice: 0,
  cpu: {
    seconds: { service: 0.4, postgres: 0.1, kafka: 0.05, sink: 0.02, bench: 0.01 },
    elsewhere: 0.02,
    peakMemory: 250,
  },
  stages: null,
  ...change,
});

const result: BenchResult = {
  at: new Date('2026-11-27T01:30:00Z'),
  seconds: 201.4,
  command: 'npm run bench -- --write',
  machine: {
    cores: 2,
    processor: 'Some CPU',
    memoryGb: 24,
    node: '20.20.0',
    postgres: '18.1',
    fsync: 'on',
    synchronousCommit: 'on',
    commit: 'abc1234',
  },
  connections: 10,
  warmUpSeconds: 20,
  brake: 'off',
  throughput: [
    measured({ stages: { decode: 0.02, send: 4 } }),
    measured({ name: 'naive', mailedSeconds: 4, publishedSeconds: 4 }),
    measured({
      name: 'bare sink',
      mailedSeconds: 0.1,
      publishedSeconds: null,
      cpu: {
        seconds: { service: 0.1, postgres: null, kafka: null, sink: 0.1, bench: 0 },
        elsewhere: null,
        peakMemory: null,
      },
    }),
  ],
  rounds: [],
  otp: [
    {
      backlog: 'alerts',
      waiting: { before: 20_000, after: 17_000 },
      answerAfterMs: 50,
      connections: 10,
      perSecond: 20,
      published: 400,
      times: [52, 56, 79],
    },
  ],
};

it('sets the naive consumer to one', () => {
  expect(tableAsText(throughputTable(result)).split('\n')).toEqual([
    '           events/s  × naive  until published/s  × naive  seconds  bytes a mail  twice  peak MB  others, %',
    'ours          2,000      8.0              1,600      6.4      0.5        16,800      0      250          2',
    'naive           250      1.0                250      1.0      4.0        16,800      0      250          2',
    'bare sink    10,000     40.0                  –        –      0.1        16,800      0        –          –',
  ]);
});

it('writes every figure of the run into the page, with where it comes from', () => {
  const page = performancePage(result);
  expect(page).toContain('Written by `npm run bench -- --write` on 2026-11-27 01:30 UTC, commit abc1234');
  expect(page).toContain('| ours | 2,000 | 8.0 | 1,600 | 6.4 | 0.5 | 16,800 | 0 | 250 | 2 |');
  expect(page).toContain('| bare sink | 100 | – | – | 100 | 0 |');
  expect(page).toContain('| ours | 20 | 0 | 0 | 0 | 4,000 | 0 | 0 |');
  expect(page).toContain('| alerts | 20,000 → 17,000 | 400 | 3 | 56 | 79 | 79 | 79 |');
});

it('tells of each round, and takes the median run whole', () => {
  const runs = [0.8, 0.4, 0.5, 1].map((mailedSeconds) => measured({ mailedSeconds }));
  const naive = measured({ name: 'naive', mailedSeconds: 4 });
  const page = performancePage({ ...result, rounds: runs.map((ours) => [ours, naive]) });
  expect(page).toContain('| 1 | 1,250 | 250 | 5.0 |');
  expect(page).toContain('| 4 | 1,000 | 250 | 4.0 |');
  expect(performancePage(result)).not.toContain('| round |');
  expect(medianRun(runs).mailedSeconds).toBe(0.8);
  expect(medianRun(runs.slice(0, 3)).mailedSeconds).toBe(0.5);
});

it('warns when the machine was busy with something else', () => {
  expect(disturbance(result)).toBe('');
  const [ours = measured({})] = result.throughput;
  const crowded = { ...ours, cpu: { ...ours.cpu, elsewhere: 0.42 } };
  expect(performancePage({ ...result, throughput: [...result.throughput, crowded] })).toContain(
    '**Other work took up to 42 % of the machine',
  );
});
