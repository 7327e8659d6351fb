import { PARTS } from './cpu/cpu-of.js';
import { mailsPerSecond } from './median-run.js';
import { percentile } from './percentile.js';
import type { BenchResult, OtpLatency, Throughput } from './result.js';

export type Cell = string | number;
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const DISTURBED = 0.1;
const STAGES = ['decode', 'store', 'claim', 'render', 'send', 'record', 'publish'];

export function throughputTable({ throughput }: BenchResult): Table {
  const naive = throughput.find(({ name }) => name === 'naive');
  const published = ({ events, publishedSeconds }: Throughput) =>
    publishedSeconds === null ? null : events / publishedSeconds;
  const times = (of: (one: Throughput) => number | null, one: Throughput): string => {
    const [mine, its] = [of(one), naive === undefined ? null : of(naive)];
    return mine === null || its === null ? '–' : (mine / its).toFixed(1);
  };
  return {
    head: [
      '',
      'events/s',
      '× naive',
      'until published/s',
      '× naive',
      'seconds',
      'bytes a mail',
      'twice',
      'peak MB',
      'others, %',
    ],
    rows: throughput.map((one) => [
      one.name,
      whole(mailsPerSecond(one)),
      times(mailsPerSecond, one),
      one.publishedSeconds === null ? '–' : whole(one.events / one.publishedSeconds),
      times(published, one),
      one.mailedSeconds.toFixed(1),
      whole(one.bytesPerMail),
      one.twice,
      one.cpu.peakMemory === null ? '–' : whole(one.cpu.peakMemory),
      one.cpu.elsewhere === null ? '–' : whole(one.cpu.elsewhere * 100),
    ]),
  };
}

export function cpuTable({ throughput }: BenchResult): Table {
  return {
    head: ['CPU µs an event', 'its process', 'PostgreSQL', 'Kafka', 'sink', 'bench'],
    rows: throughput.map(({ name, events, cpu }) => [
      name,
      ...PARTS.map((part) => {
        const seconds = cpu.seconds[part];
        return seconds === null ? '–' : micros(seconds, events);
      }),
    ]),
  };
}

/** Ours against naive in each round, if there were several. */
export function roundsTable({ rounds }: BenchResult): Table {
  const compared = rounds.flatMap((round, at) => {
    const [ours, naive] = ['ours', 'naive'].map((wanted) => round.find(({ name }) => name === wanted));
    if (ours === undefined || naive === undefined) return [];
    const [fast, slow] = [mailsPerSecond(ours), mailsPerSecond(naive)];
    return [[at + 1, whole(fast), whole(slow), (fast / slow).toFixed(1)]];
  });
  return {
    head: ['round', 'ours, events/s', 'naive, events/s', '× naive'],
    rows: compared.length > 1 ? compared : [],
  };
}

/** Of the one that measures them. */
export function stageTable({ throughput }: BenchResult): Table {
  const measured = throughput.filter(({ stages }) => stages !== null);
  return {
    head: ['stage, µs an event', ...STAGES],
    rows: measured.map(({ name, events, stages }) => [
      name,
      ...STAGES.map((stage) => micros(stages?.[stage] ?? 0, events)),
    ]),
  };
}

export function otpTable({ otp }: BenchResult): Table {
  return {
    head: ['codes behind', 'waiting', 'asked for', 'measured', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
    rows: otp.map((one) => [
      one.backlog,
      `${whole(one.waiting.before)} → ${whole(one.waiting.after)}`,
      one.published,
      one.times.length,
      ...percentiles(one),
    ]),
  };
}

const percentiles = ({ times }: OtpLatency): number[] =>
  [50, 95, 99, 100].map((percent) => percentile(times, percent));

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const micros = (seconds: number, events: number): string => whole((seconds / events) * 1e6);

/** A warning, if others used much of the machine while it was measured; else nothing. */
export function disturbance({ throughput }: BenchResult): string {
  const most = Math.max(0, ...throughput.map(({ cpu }) => cpu.elsewhere ?? 0));
  if (most <= DISTURBED) return '';
  return `**Other work took up to ${whole(most * 100)} % of the machine: these figures say little.**\n`;
}

/** For a terminal: columns aligned, all but the first to the right. */
export function tableAsText({ head, rows }: Table): string {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return all.map(line).join('\n');
}

export function tableAsMarkdown({ head, rows }: Table): string {
  const line = (row: readonly Cell[]) => `| ${row.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Those that have something to tell. */
export const tablesOf = (result: BenchResult): readonly Table[] =>
  [
    throughputTable(result),
    roundsTable(result),
    cpuTable(result),
    stageTable(result),
    otpTable(result),
  ].filter(({ rows }) => rows.length > 0);
