import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { leaveOnSignal } from '../../dev/stack/leave-on-signal.js';
import { projectRoot } from '../../src/project-root.js';
import { parseOptions } from './options.js';
import { writeRows } from './reliability-page.js';
import { isGood, problemsAsText, tableAsText } from './report.js';
import { runSuite } from './run-suite.js';

leaveOnSignal();

const options = parseOptions(process.argv.slice(2));
const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1000);
const report = (line: string) => console.error(`${String(seconds()).padStart(4)} s  ${line}`);
const directory = join(projectRoot(), '.cache', `faults-${options.seed}-${process.pid}`);

try {
  mkdirSync(directory, { recursive: true });
  report(`seed ${options.seed}, ${options.perSecond} events a second`);
  const outcomes = await runSuite(options, directory, report, (outcome) => {
    const { events, mails, flagged } = outcome.account;
    report(
      `  ${events} events, ${mails} mails, ${flagged.length} flagged: ${isGood(outcome) ? 'good' : 'BAD'}`,
    );
    for (const slow of outcome.slow) report(`  ${slow}`);
    if (!isGood(outcome)) report(problemsAsText(outcome));
  });
  if (options.json) console.log(JSON.stringify({ seed: options.seed, outcomes }, null, 2));
  else console.log(`\n${tableAsText(outcomes)}\n`);
  const bad = outcomes.filter((outcome) => !isGood(outcome));
  // A run that broke off, or found something, says nothing of how often.
  if (options.write) await writeRows(outcomes.filter(isGood), options.seed, new Date());
  for (const outcome of bad) console.error(problemsAsText(outcome));
  if (bad.length > 0) console.error(`The logs of the instances are in ${directory}; seed ${options.seed}.`);
  else rmSync(directory, { recursive: true, force: true });
  process.exit(bad.length === 0 && outcomes.length > 0 ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
