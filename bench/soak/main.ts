import { Command, InvalidArgumentError } from 'commander';
import { buildPrograms } from '../../dev/build-programs.js';
import { leaveOnSignal } from '../../dev/stack/leave-on-signal.js';
import { startStack } from '../../dev/stack/stack.js';
import { describeMachine } from '../machine.js';
import type { EnduranceSetting, Endured } from './endurance.js';
import { outageRun } from './outage.js';
import { type RunName, writeSection } from './page.js';
import { queueRun } from './queue.js';
import { steadyRun } from './steady.js';

leaveOnSignal();

const words = process.argv.slice(2);
const began = performance.now();
const report = (line: string) =>
  console.error(`${String(Math.round((performance.now() - began) / 1000)).padStart(5)} s  ${line}`);

const program = new Command('npm run soak --')
  .description(
    'Whether anything grows: in a long time, with a long queue, without a database. On the real stack.',
  )
  .addHelpText(
    'after',
    `
Examples:
  npm run soak -- steady --minutes 60 --write     an hour, and its curves into docs/endurance.md
  npm run soak -- queue --messages 1000000        a million that wait
  npm run soak -- outage --minutes 5              the database dead for five minutes`,
  );

program
  .command('steady')
  .description('a steady stream of codes and orders')
  .option('--minutes <n>', 'for how long', whole, 60)
  .option('--per-second <n>', 'events', whole, 30)
  .option('--write', 'writes its part of docs/endurance.md', false)
  .action(({ write, ...options }: { minutes: number; perSecond: number; write: boolean }) =>
    run('steady', `${options.minutes} minutes`, write, (setting) => steadyRun(setting, options)),
  );

program
  .command('queue')
  .description('very many messages that wait, and codes behind them')
  .option('--messages <n>', 'how many', whole, 1_000_000)
  .option('--seconds <n>', 'for how long codes are asked for', whole, 30)
  .option('--write', 'writes its part of docs/endurance.md', false)
  .action(({ write, ...options }: { messages: number; seconds: number; write: boolean }) =>
    run('queue', `${options.messages.toLocaleString('en')} that wait`, write, (setting) =>
      queueRun(setting, options),
    ),
  );

program
  .command('outage')
  .description('a database that is dead while events keep coming')
  .option('--minutes <n>', 'for how long', whole, 5)
  .option('--per-second <n>', 'codes', whole, 20)
  .option('--write', 'writes its part of docs/endurance.md', false)
  .action(({ write, ...options }: { minutes: number; perSecond: number; write: boolean }) =>
    run('outage', `${options.minutes} minutes without a database`, write, (setting) =>
      outageRun(setting, options),
    ),
  );

await program.parseAsync(words, { from: 'user' });

async function run(
  name: RunName,
  title: string,
  write: boolean,
  work: (setting: EnduranceSetting) => Promise<Endured>,
): Promise<never> {
  try {
    const programs = await buildPrograms('bench/tsconfig.build.json');
    const stack = await startStack({ parts: ['kafka', 'registry', 'postgres'], durable: true, report });
    const at = new Date();
    const { text, problems } = await work({ stack, programs, report });
    const { cores, processor, memoryGb, node, commit } = await describeMachine(
      stack.variables['DATABASE_URL'] ?? '',
    );
    const machine = `${cores} cores (${processor}), ${memoryGb} GB, Node ${node}, commit ${commit ?? 'unknown'}`;
    await stack.stop();
    console.log(`\n${text}`);
    for (const problem of problems) console.log(`- ${problem}`);
    const verdict = problems.length === 0 ? '' : `\n**Not held:** ${problems.join('; ')}.\n`;
    if (write) {
      const command = `npm run soak -- ${words.join(' ')}`;
      const page = writeSection({
        run: name,
        title: titled(title),
        command,
        machine,
        at,
        text: `${text}${verdict}`,
      });
      report(`${page} is written`);
    }
    process.exit(problems.length === 0 ? 0 : 1);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

function titled(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

function whole(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('give a whole number from 1');
  return number;
}
