import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../../src/project-root.js';

const folder = 'test/types/bad';
const cases = readdirSync(join(projectRoot(), folder, 'cases'));

/** File → codes of the errors tsc reports in it. */
let reported: ReadonlyMap<string, ReadonlySet<string>>;

beforeAll(async () => {
  reported = errorsOf(await tsc());
}, 60_000);

test.each(cases)('%s is refused', (name) => {
  const source = readFileSync(join(projectRoot(), folder, 'cases', name), 'utf8');
  const expected = /^\/\/ ((?:TS\d+ ?)+)$/m.exec(source)?.[1]?.split(' ');
  expect([...(reported.get(`${folder}/cases/${name}`) ?? [])].sort()).toEqual(expected);
});

test('nothing but the mistakes fails, however it is written', () => {
  const known = cases.map((name) => `${folder}/cases/${name}`);
  expect([...reported.keys()].filter((file) => !known.includes(file))).toEqual([]);
});

test('the mistakes were there to be found', () => {
  expect(cases.length).toBeGreaterThan(40);
});

function tsc(): Promise<string> {
  const compiler = join(projectRoot(), 'node_modules/typescript/bin/tsc');
  const args = [compiler, '-p', folder, '--pretty', 'false'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: projectRoot() }, (_error, stdout) => resolve(stdout));
  });
}

function errorsOf(output: string): ReadonlyMap<string, ReadonlySet<string>> {
  const errors = new Map<string, Set<string>>();
  for (const [, file, code] of output.matchAll(/^(\S+?)\(\d+,\d+\): error (TS\d+):/gm)) {
    if (file === undefined || code === undefined) continue;
    errors.set(file, (errors.get(file) ?? new Set()).add(code));
  }
  return errors;
}
