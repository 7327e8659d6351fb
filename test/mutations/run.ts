/**
 * Takes one guard away at a time in a scratch copy and expects the tests that hold it to go red:
 *
 *     npx tsx test/mutations/run.ts             all of them, some ten minutes
 *     npx tsx test/mutations/run.ts fence       those whose guard has "fence" in its name
 *
 * Ends with 0 only if every mutation was noticed. Vitest's own output of each is in the scratch directory,
 * which stays when one was not.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Mutation } from './mutation.js';
import { mutations } from './mutations.js';
import { copyProject, replaceOnce } from './scratch-copy.js';

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ status: z.string(), title: z.string() })) }),
  ),
});

const filter = process.argv[2] ?? '';
const chosen = mutations.filter(({ guard }) => guard.includes(filter));
if (chosen.length === 0) throw new Error(`no guard has "${filter}" in its name`);
const scratch = mkdtempSync(join(tmpdir(), 'comms-mutations-'));
let unnoticed = 0;
for (const [number, mutation] of chosen.entries()) {
  const directory = join(scratch, String(number));
  copyProject(directory);
  for (const replacement of mutation.replacements) replaceOnce(directory, replacement);
  const red = await redTests(directory, mutation);
  if (red.length === 0) unnoticed++;
  console.log(
    `${red.length > 0 ? 'red     ' : 'UNSEEN  '} ${mutation.guard}  (${mutation.tests.map((test) => basename(test)).join(', ')})`,
  );
  for (const title of red) console.log(`             ${title}`);
}
console.log(`${chosen.length - unnoticed} of ${chosen.length} mutations were noticed`);
if (unnoticed > 0) console.log(`Their output is in ${scratch}.`);
else rmSync(scratch, { recursive: true, force: true });
process.exitCode = unnoticed > 0 ? 1 : 0;

/** Titles of the tests that failed. @throws if none ran: that would say nothing of the guard */
async function redTests(directory: string, { guard, tests }: Mutation): Promise<string[]> {
  const json = join(directory, 'report.json');
  const output = createWriteStream(join(directory, 'output.txt'));
  await once(output, 'open');
  const vitest = join(directory, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${json}`, ...tests],
    { cwd: directory, stdio: ['ignore', output, output] },
  );
  await once(child, 'exit');
  output.close();
  const { numPassedTests, numFailedTests, testResults } = report.parse(
    JSON.parse(readFileSync(json, 'utf8')),
  );
  if (numPassedTests + numFailedTests === 0) {
    throw new Error(`no test ran without "${guard}": see ${join(directory, 'output.txt')}`);
  }
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ title }) => title);
}
