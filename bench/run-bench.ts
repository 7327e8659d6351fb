import { buildPrograms } from '../dev/build-programs.js';
import { startStack } from '../dev/stack/stack.js';
import { describeMachine } from './machine.js';
import { measureNaive } from './measure-naive.js';
import { measureOurs } from './measure-ours.js';
import { measureSink } from './measure-sink.js';
import { mailsPerSecond, medianRun } from './median-run.js';
import type { BenchOptions } from './options.js';
import { measureOtpLatency } from './otp-latency.js';
import type { Report } from './report-line.js';
import type { BenchResult, OtpLatency, Throughput } from './result.js';
import type { Setting } from './setting.js';

/** Of every topic: what may be read side by side. */
const PARTITIONS = 6;

/** Compiles, starts a stack with PostgreSQL as durable as in production, measures, and stops it. */
export async function runBench(options: BenchOptions, command: string, report: Report): Promise<BenchResult> {
  const programs = await buildPrograms('bench/tsconfig.build.json');
  const stack = await startStack({ parts: ['kafka', 'registry', 'postgres'], durable: true, report });
  try {
    return await measureAll({ ...options, variables: stack.variables, programs, report }, options, command);
  } finally {
    await stack.stop();
    programs.remove();
  }
}

/** Everything that is asked for, one after another on one stack, so that figures can be compared. */
export async function measureAll(
  setting: Setting,
  options: BenchOptions,
  command: string,
): Promise<BenchResult> {
  const { DATABASE_URL: databaseUrl = '' } = setting.variables;
  const at = new Date();
  const measured = {
    ...(await measureThroughput(setting, options)),
    otp: await measureLatency(setting, options),
  };
  return {
    at,
    seconds: (Date.now() - at.getTime()) / 1000,
    command,
    machine: await describeMachine(databaseUrl),
    connections: setting.connections,
    brake: setting.brake,
    warmUpSeconds: setting.warmUpSeconds,
    ...measured,
  };
}

/** Ours and the naive consumer by turns, since a machine is not the same from one minute to the next; the others once. */
async function measureThroughput(
  setting: Setting,
  { only, quick, rounds: count }: BenchOptions,
): Promise<Pick<BenchResult, 'throughput' | 'rounds'>> {
  const told = (figures: Throughput): Throughput => {
    setting.report(`${figures.name}: ${Math.round(mailsPerSecond(figures))} mails a second`);
    return figures;
  };
  const rounds: Throughput[][] = [];
  let mail = readyMadeMail();
  for (let round = 0; round < count; round += 1) {
    const measured: Throughput[] = [];
    if (only.includes('ours')) {
      const ours = await measureOurs(setting);
      mail = ours.mail;
      measured.push(told(ours.figures));
    }
    if (only.includes('naive')) {
      measured.push(told(await measureNaive(setting, { name: 'naive', partitionsAtOnce: 1 })));
    }
    rounds.push(measured);
  }
  const throughput = ['ours', 'naive']
    .map((name) => rounds.flat().filter((one) => one.name === name))
    .flatMap((runs) => (runs.length > 0 ? [medianRun(runs)] : []));
  if (only.includes('naive') && !quick) {
    const sideBySide = { name: `naive ×${PARTITIONS}`, partitionsAtOnce: PARTITIONS };
    throughput.push(told(await measureNaive(setting, sideBySide)));
  }
  if (only.includes('sink')) throughput.push(told(await measureSink(setting, mail)));
  return { throughput, rounds };
}

async function measureLatency(
  setting: Setting,
  { only, backlog, seconds }: BenchOptions,
): Promise<readonly OtpLatency[]> {
  return only.includes('otp') ? [await measureOtpLatency(setting, { backlog, seconds })] : [];
}

/** Where there is none of the service. */
const readyMadeMail = (): Buffer =>
  Buffer.from(`Subject: ready made\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(215)}.\r\n`);
