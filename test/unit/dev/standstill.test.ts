import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { projectRoot } from '../../../src/project-root.js';

/** Far more than it takes, so that a run that is not ended fails this test alone. */
const LONGEST_MS = 50_000;

it('a run that stands still is ended, says where, counts what failed and leaves nothing behind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chesanto-standstill-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'));
  const write = (name: string, body: string) =>
    writeFileSync(join(folder, name), `import { it } from 'vitest';\n${body}\n`);
  write('quick.test.ts', `it('is quick', () => {});`);
  write(
    'round.test.ts',
    `it('ends', async () => { await new Promise((done) => setTimeout(done, 300)); console.log(\`pid=\${process.pid}\`); });
     it('goes round in circles', () => { for (;;); });`,
  );

  const command = [join(projectRoot(), 'dev', 'with-dependencies.mjs'), 'dev/test.ts', '--root', folder];
  const { status, stdout } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, TEST_STANDSTILL_MS: '4000', NO_COLOR: '1' },
  });

  expect(stdout).toContain('Nothing was heard of any test for 4 s');
  expect(stdout).toMatch(/Under way:\n {2}round\.test\.ts: .*\b(?:goes round in circles|ends)\b/);
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^[12] passed, [1-3] failed$/);
  expect(status).toBe(1);
  const pid = Number(/pid=(\d+)/.exec(stdout)?.[1]);
  // Gone, or dead and not yet buried by whoever is the first process here.
  expect(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout).toMatch(
    /^(?:Z.*)?\s*$/,
  );
});
