import { expect, inject, it, onTestFinished } from 'vitest';
import { parseOptions } from '../../bench/options.js';
import { performancePage } from '../../bench/performance-page.js';
import { measureAll } from '../../bench/run-bench.js';
import { buildPrograms } from '../../dev/build-programs.js';

// It starts two services and compiles one: ten seconds on a machine of its own, minutes on a crowded one.
const WITHIN_MS = 300_000;

it(
  'measures what was built, what it is compared to, and codes behind a backlog',
  async () => {
    const options = parseOptions(['--quick', '--events', '150', '--backlog', '600', '--seconds', '1']);
    const programs = await buildPrograms('bench/tsconfig.build.json');
    onTestFinished(programs.remove);
    const variables = inject('stackVariables');
    const result = await measureAll(
      { ...options, variables, programs, report: () => {} },
      options,
      'npm run bench',
    );

    expect(result.throughput.map(({ name, events }) => [name, events])).toEqual([
      ['ours', 150],
      ['naive', 150],
      ['bare sink', 150],
    ]);
    const [ours, naive] = result.throughput;
    expect(ours?.twice).toBe(0);
    // The same e-mails, or the comparison is none.
    expect(Math.abs((ours?.bytesPerMail ?? 0) / (naive?.bytesPerMail ?? 1) - 1)).toBeLessThan(0.1);
    for (const { cpu } of result.throughput) expect(cpu.seconds.service).toBeGreaterThan(0);
    const [codes] = result.otp;
    expect(codes?.times.length).toBe(20);
    expect(Math.min(...(codes?.times ?? []))).toBeGreaterThanOrEqual(50);
    expect(performancePage(result)).toContain('| ours |');
  },
  WITHIN_MS,
);
