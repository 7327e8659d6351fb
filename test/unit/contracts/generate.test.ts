import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../../src/project-root.js';

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'chesanto-generate-'));
  for (const name of ['src', 'consumers', 'schemas', 'templates', 'docs', 'package.json', 'tsconfig.json']) {
    cpSync(join(projectRoot(), name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(projectRoot(), 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the generated types are up to date, and --check says when they are not', {
  timeout: 60_000,
}, async () => {
  expect(await generate('--check')).toEqual({ code: 0, printed: '' });

  const template = join(copy, 'templates/auth/otp/text.hbs');
  writeFileSync(template, readFileSync(template, 'utf8').replace('{{name}}', '{{full_name}}'));
  const stale = await generate('--check');
  expect(stale.code).toBe(1);
  expect(stale.printed).toMatch(/^src\/generated\/templates\.ts is not what .* run npm run generate/);

  expect(await generate()).toEqual({ code: 0, printed: 'wrote src/generated/templates.ts\n' });
  expect(readFileSync(join(copy, 'src/generated/templates.ts'), 'utf8')).toContain(
    'readonly full_name: Text;',
  );
  expect(await generate('--check')).toEqual({ code: 0, printed: '' });
});

function generate(...flags: string[]): Promise<{ code: number; printed: string }> {
  const args = ['--import', 'tsx', join(copy, 'src/codegen/main.ts'), ...flags];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: copy }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, printed: stdout + stderr }),
    );
  });
}
