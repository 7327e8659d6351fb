import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type SupervisedProcess, supervisedProcess } from '../../../dev/stack/supervised-process.js';
import { waitFor } from '../../helpers/wait-for.js';

let folder: string;
let ends: string[];
let supervised: SupervisedProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chesanto-supervised-'));
  ends = [];
  const logFile = join(folder, 'part.log');
  supervised = supervisedProcess(
    {
      name: 'part',
      command: [
        process.execPath,
        '-e',
        `process.on('SIGUSR2', () => process.exit(3)); setInterval(() => {}, 1000); console.log(process.pid)`,
      ],
      logFile,
      healthy: async () => pid() > 0,
      healthyWithinMs: 10_000,
      stopSignal: 'SIGTERM',
      abandonSignal: 'SIGKILL',
      advice: 'None.',
    },
    (how) => ends.push(how),
  );
  await supervised.start();
});

afterEach(async () => {
  await supervised.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Of its latest start. */
const pid = (): number => Number(readFileSync(join(folder, 'part.log'), 'utf8').trimEnd().split('\n').at(-1));

it('says with which code a process ended that nobody told to', async () => {
  process.kill(pid(), 'SIGUSR2');
  await waitFor(() => ends.length > 0, { what: 'its end to be told' });
  expect(ends).toEqual(['code 3']);
});

it('says which signal ended it', async () => {
  process.kill(pid(), 'SIGKILL');
  await waitFor(() => ends.length > 0, { what: 'its end to be told' });
  // Where a shell stands between, its code says so.
  expect(ends).toEqual([expect.stringMatching(/^(SIGKILL|code 137)$/)]);
});

it('says nothing of one that was stopped, and watches the next', async () => {
  const first = pid();
  await supervised.stop();
  await supervised.start();
  await waitFor(() => pid() !== first, { what: 'the second start' });
  process.kill(pid(), 'SIGUSR2');
  await waitFor(() => ends.length > 0, { what: 'its end to be told' });
  expect(ends).toEqual(['code 3']);
});

it('gives up on one whose health is asked for and never answered', async () => {
  const silent = supervisedProcess({
    name: 'part',
    command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'],
    logFile: join(folder, 'silent.log'),
    healthy: () => new Promise<boolean>(() => {}),
    healthyWithinMs: 300,
    stopSignal: 'SIGTERM',
    abandonSignal: 'SIGKILL',
    advice: 'None.',
  });
  await expect(silent.start()).rejects.toThrow('part was not healthy after 0.3 s. None.');
});
