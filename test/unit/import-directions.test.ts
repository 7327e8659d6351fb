import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../src/project-root.js';

const wrong = [
  ['domain-imports-nothing-of-ours', 'src/domain/a.ts', '../store/claim.js'],
  ['foundations-stand-beside-each-other', 'src/bus/a.ts', '../store/claim.js'],
  ['foundations-know-no-flow', 'src/store/a.ts', '../delivery/worker.js'],
  ['flows-stand-beside-each-other', 'src/intake/a.ts', '../delivery/worker.js'],
  ['flows-know-no-door', 'src/delivery/a.ts', '../http/server.js'],
  ['config-and-observability-are-parameters', 'src/relay/a.ts', '../config/config.js'],
  ['nobody-imports-main', 'src/http/a.ts', '../main.js'],
  ['product-knows-no-tools', 'src/store/b.ts', '../../dev/tool.js'],
  ['no-missing-file', 'src/store/c.ts', './nowhere.js'],
] as const;

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'chesanto-imports-'));
  for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs']) {
    cpSync(join(projectRoot(), name), join(copy, name));
  }
  symlinkSync(join(projectRoot(), 'node_modules'), join(copy, 'node_modules'));
  write('src/domain/status.ts', "export const status = 'SENT';\n");
  write(
    'src/store/claim.ts',
    "import { status } from '../domain/status.js';\nexport const claim = status;\n",
  );
  write(
    'src/delivery/worker.ts',
    "import { claim } from '../store/claim.js';\nexport const worker = claim;\n",
  );
  write(
    'src/http/server.ts',
    "import { worker } from '../delivery/worker.js';\nexport const server = worker;\n",
  );
  write(
    'src/config/config.ts',
    "import { status } from '../domain/status.js';\nexport const config = status;\n",
  );
  write('src/main.ts', "import { server } from './http/server.js';\nexport default server;\n");
  write('dev/tool.ts', 'export const tool = 1;\n');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('imports that point the right way pass, wrong ones are named', { timeout: 60_000 }, async () => {
  expect(await cruise()).toMatchObject({ code: 0, printed: expect.stringContaining('6 modules') });

  for (const [, file, imported] of wrong) {
    write(file, `import * as other from '${imported}';\nexport default other;\n`);
  }
  write('src/store/shape.ts', 'export interface Shape { size: number }\n');
  write('src/domain/b.ts', "import type { Shape } from '../store/shape.js';\nexport type B = Shape;\n");
  write('src/store/d.ts', "import { e } from './e.js';\nexport const d = () => e;\n");
  write('src/store/e.ts', "import { d } from './d.js';\nexport const e = () => d;\n");

  const { code, printed } = await cruise();
  expect(code).not.toBe(0);
  for (const [rule, file] of wrong) expect(printed).toContain(`${rule}: ${file}`);
  expect(printed, 'a type counts too').toContain('domain-imports-nothing-of-ours: src/domain/b.ts');
  expect(printed).toContain('no-cycles');
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), content);
}

function cruise(): Promise<{ code: number; printed: string }> {
  const program = join(projectRoot(), 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [program, '--config', '.dependency-cruiser.mjs', 'src'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: copy, env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, printed: stdout + stderr }),
    );
  });
}
