/**
 * Takes one guard of the service away at a time, in a scratch copy, and expects the fault suite to go red there, by what
 * the guard stands against:
 *
 *     npx tsx test/faults/without-guards.ts              all of them, some fifteen minutes
 *     npx tsx test/faults/without-guards.ts fence        those with "fence" in their name
 *
 * What the suite printed without each is in the scratch directory, which stays. Ends with 0 only if all went red.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { copyProject, replaceOnce } from '../mutations/scratch-copy.js';
import { BAD } from './account.js';
import { type Guard, guards } from './guards.js';

const SEED = '7';

const list = z.array(z.string());
const suiteResult = z.object({
  outcomes: z.array(
    z.object({
      what: z.string(),
      problems: list,
      account: z.object(Object.fromEntries(BAD.map((name) => [name, list]))),
    }),
  ),
});

const filter = process.argv[2] ?? '';
const chosen = guards.filter(({ name }) => name.includes(filter));
if (chosen.length === 0) throw new Error(`no guard has "${filter}" in its name`);
const scratch = mkdtempSync(join(tmpdir(), 'comms-guards-'));
console.log(`What the suite prints is in ${scratch}.`);
let green = 0;
for (const [number, guard] of chosen.entries()) {
  const problems = await problemsWithout(guard, join(scratch, String(number)));
  const isRed = problems.some(({ expected }) => expected);
  if (!isRed) green += 1;
  console.log(`${isRed ? 'red  ' : 'GREEN'} without ${guard.name}`);
  for (const { text, expected } of problems) console.log(`        ${expected ? '' : 'beside it: '}${text}`);
  if (!isRed) console.log(`        expected: ${guard.expected.join(' or ')}`);
}
console.log(`${chosen.length - green} of ${chosen.length} went red`);
process.exitCode = green > 0 ? 1 : 0;

interface Problem {
  readonly text: string;
  /** It is what the guard stands against. */
  readonly expected: boolean;
}

/** What the suite finds wrong, counted by kind, with an example of each. */
async function problemsWithout(guard: Guard, directory: string): Promise<readonly Problem[]> {
  copyProject(directory);
  for (const replacement of guard.replacements) replaceOnce(directory, replacement);
  const words = ['test/faults/main.ts', '--json', '--seed', SEED, '--per-second', '20', ...guard.run];
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = createWriteStream(join(directory, 'output.txt'));
  child.stderr.pipe(output);
  const ended = once(child, 'exit');
  const printed = await text(child.stdout);
  const [code]: readonly unknown[] = await ended;
  if (printed === '')
    throw new Error(`the suite did not get to its end (code ${String(code)}), see ${directory}/output.txt`);
  const { outcomes } = suiteResult.parse(JSON.parse(printed));
  return outcomes.flatMap(({ what, account, problems }) => {
    const found = BAD.flatMap((name) => {
      const [first, ...more] = account[name] ?? [];
      const text = `${what}: ${more.length + 1} ${name}, such as ${first}`;
      return first === undefined ? [] : [{ text, expected: guard.expected.includes(name) }];
    });
    const others = problems.filter((one) => !BAD.some((name) => one.startsWith(`${name}: `)));
    return [...found, ...others.map((one) => ({ text: `${what}: ${one}`, expected: false }))];
  });
}
