import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../bench/report-line.js';
import { buildPrograms } from '../../dev/build-programs.js';
import { requireJava } from '../../dev/stack/java.js';
import { startStack } from '../../dev/stack/stack.js';
import type { Fault } from './fault.js';
import { faults } from './faults/all.js';
import { manyKills } from './faults/many-kills.js';
import type { SuiteOptions } from './options.js';
import type { Outcome } from './outcome.js';
import { seededRandom } from './random.js';
import { runScenario } from './scenario.js';

/** Compiles the service, starts a stack with PostgreSQL as durable as in production, and runs fault after fault on it. */
export async function runSuite(
  options: SuiteOptions,
  directory: string,
  report: Report,
  onOutcome: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const programs = await buildPrograms('bench/tsconfig.build.json');
  const stack = await startStack({ parts: ['kafka', 'registry', 'postgres'], durable: true, report });
  const random = seededRandom(options.seed);
  const outcomes: Outcome[] = [];
  try {
    for (const { fault, times } of chosen(options)) {
      const lacks = await lackingFor(fault);
      if (lacks !== null) {
        report(`${fault.name}: not run, ${lacks}`);
        continue;
      }
      report(`${fault.name}: ${fault.what}, ${times} times, ${fault.instances} instances`);
      const logs = join(directory, fault.name);
      mkdirSync(logs, { recursive: true });
      const outcome = await runScenario(fault, {
        ...{
          stack,
          programs,
          times,
          report,
          anyMachine: options.short === true,
          perSecond: options.perSecond,
        },
        directory: logs,
        random: random.of(fault.name),
      });
      outcomes.push(outcome);
      onOutcome(outcome);
    }
    return outcomes;
  } finally {
    await stack.stop();
    programs.remove();
  }
}

/** What this machine lacks for it, or null. */
async function lackingFor({ missing, brokers, through }: Fault): Promise<string | null> {
  const ownBrokers = brokers !== undefined || through?.includes('kafka') === true;
  const java = ownBrokers ? await requireJava().then(() => null, String) : null;
  return java ?? (await missing?.()) ?? null;
}

function chosen({ kills, only, short }: SuiteOptions): readonly { fault: Fault; times: number }[] {
  if (kills !== undefined) return [{ fault: manyKills, times: kills }];
  return faults
    .filter(({ name }) => only === undefined || only.includes(name))
    .map((fault) => ({
      fault,
      times: short ? Math.max(fault.times.short, only === undefined ? 0 : 1) : fault.times.whole,
    }))
    .filter(({ times }) => times > 0);
}
