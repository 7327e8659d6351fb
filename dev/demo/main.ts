import pc from 'picocolors';
import { leaveOnSignal } from '../stack/leave-on-signal.js';
import { startStack } from '../stack/stack.js';
import { closingLines, isGood } from './closing-lines.js';
import { createLiveLines } from './live-lines.js';
import { type Demo, runDemo } from './run-demo.js';
import { whereToLook } from './where-to-look.js';

const USAGE = `Usage: npm run demo [-- --once]

Starts everything on this machine, plays a morning at the bakery and shows what becomes of its events.
  --once   end then, with exit code 0 only if everything came as expected; else stay up until Ctrl-C`;

const args = process.argv.slice(2);
const strange = args.filter((arg) => arg !== '--once');
if (strange.length > 0) {
  console.error(USAGE);
  process.exit(strange.includes('--help') || strange.includes('-h') ? 0 : 1);
}

leaveOnSignal();

const started = performance.now();
const live = createLiveLines(process.stdout);
const demo = await startAndRun().catch((error: unknown) => {
  live.end();
  console.error(pc.red(error instanceof Error ? error.message : String(error)));
  process.exit(1);
});
live.end();
console.log(closingLines(demo).join('\n'));

if (args.includes('--once')) {
  await demo.stop();
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s in all, and nothing left running`);
  process.exit(isGood(demo) ? 0 : 1);
}
console.log(whereToLook(demo).join('\n'));
const guests = createLiveLines(process.stdout);
demo.showGuests(guests.redraws, ({ standing, open }) => guests.show(standing, open));
setInterval(() => undefined, 2 ** 30);

async function startAndRun(): Promise<Demo> {
  const report = (line: string) => console.error(pc.dim(line));
  const stack = await startStack({ report });
  return runDemo(
    { ...stack, topicPrefix: '' },
    { report, onChange: ({ standing, open }) => live.show(standing, open) },
  );
}
