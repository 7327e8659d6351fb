import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listenerLeak } from '../../../../bench/soak/listener-leak.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'listener-leak-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What a process of this Node writes that adds so many listeners of one event. */
function logOf(listeners: number): string {
  const script = `const emitter = new (require('node:events'))();
    console.log('{"msg":"ready"}');
    for (let n = 0; n < ${listeners}; n++) emitter.on('message', () => {});`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  const file = join(directory, 'service.log');
  writeFileSync(file, stdout + stderr);
  return file;
}

it('tells what Node warns of', async () => {
  expect(await listenerLeak(logOf(11))).toContain('11 message listeners added');
});

it('is silent about as many listeners as there may be', async () => {
  expect(await listenerLeak(logOf(10))).toBeNull();
});
