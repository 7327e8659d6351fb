import { requireMaven } from './java.js';
import { runCommand } from './run-command.js';

const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs one goal of Maven's dependency plugin. One at a time: two would fetch the plugin into the same place.
 * Says every 5 s that it is still at it.
 */
export function maven(
  goal: string,
  args: readonly string[],
  what: string,
  report: (line: string) => void,
): Promise<void> {
  const turn = queue.then(() => fetchWith(goal, args, what, report));
  queue = turn.catch(() => undefined);
  return turn;
}

async function fetchWith(
  goal: string,
  args: readonly string[],
  what: string,
  report: (line: string) => void,
): Promise<void> {
  await requireMaven();
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
  report(`fetching ${what} …`);
  const ticking = setInterval(() => report(`still fetching, ${seconds()} s`), 5000);
  try {
    await runCommand('mvn', ['-B', '-q', '-ntp', `${plugin}:${goal}`, ...args]);
  } finally {
    clearInterval(ticking);
  }
  report(`fetched in ${seconds()} s`);
}
