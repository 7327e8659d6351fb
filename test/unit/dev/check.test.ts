import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../../../src/project-root.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chesanto-check-'));
  // Without the files that the other checks begin with, so that these end at once.
  for (const name of [
    'dev/check.ts',
    'dev/stack/run-command.ts',
    'src',
    'biome.json',
    '.gitignore',
    'package.json',
  ]) {
    cpSync(join(projectRoot(), name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('says of a file that is not formatted which, in plain characters, and what formats it', () => {
  writeFileSync(join(folder, 'long.ts'), `export const long = { ${'a: "some text", '.repeat(10)} };\n`);
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'dev/check.ts'], {
    cwd: folder,
    env: { ...process.env, FORCE_COLOR: '1' },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  const [ofFormat = ''] = stdout.split(/^types /m);
  expect(ofFormat).toMatch(/^format and lint +failed/);
  expect(ofFormat).toContain('long.ts');
  expect(ofFormat).toMatch(/^npx biome check --write \. formats/m);
  expect(ofFormat).not.toContain('\u001b');
});
