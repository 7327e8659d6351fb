import { startStack } from '../dev/stack/stack.js';
import { buildPrograms } from './build-programs.js';
import { describeMachine } from './machine.js';
import { measureNaive } from './measure-naive.js';
import { measureOurs } from './measure-ours.js';
import { measureSink } from './measure-sink.js';
import type { BenchOptions } from './options.js';
import { measureOtpLatency } from './otp-latency.js';
import type { Report } from './report-line.js';
import type { BenchResult, OtpLatency, Throughput } from './result.js';
import type { Setting } from './setting.js';

/** Of every topic: what may be read side by side. */
const PARTITIONS = 6;

/** Compiles, starts a stack with PostgreSQL as durable as in production, measures, and stops it. */
export async function runBench(options: BenchOptions, command: string, report: Report): Promise<BenchResult> {
  const programs = await buildPrograms();
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
    throughput: await measureThroughput(setting, options),
    otp: await measureLatency(setting, options),
  };
  return {
    at,
    seconds: (Date.now() - at.getTime()) / 1000,
    command,
    machine: await describeMachine(databaseUrl),
    connections: setting.connections,
    brake: setting.brake,
    warmUp: setting.warmUp,
    ...measured,
  };
}

async function measureThroughput(
  setting: Setting,
  { only, quick }: BenchOptions,
): Promise<readonly Throughput[]> {
  const all: Throughput[] = [];
  const add = (figures: Throughput) => {
    all.push(figures);
    setting.report(`${figures.name}: ${Math.round(figures.events / figures.mailedSeconds)} mails a second`);
  };
  let mail = readyMadeMail();
  if (only.includes('ours')) {
    const ours = await measureOurs(setting);
    mail = ours.mail;
    add(ours.figures);
  }
  if (only.includes('naive')) {
    add(await measureNaive(setting, { name: 'naive', partitionsAtOnce: 1 }));
    if (!quick) add(await measureNaive(setting, { name: 'naive ×6', partitionsAtOnce: PARTITIONS }));
  }
  if (only.includes('sink')) add(await measureSink(setting, mail));
  return all;
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
