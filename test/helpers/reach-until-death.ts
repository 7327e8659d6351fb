import { pbkdf2 } from 'node:crypto';
import type { ReachCheckpoint } from '../../src/domain/checkpoint.js';
import { type Death, parseDeath } from './service-process-order.js';

/** Environment of a process whose threads end it: each counts for itself, and no checkpoint is reached by two of them. */
export const DEATH = 'TEST_DEATH';

/** Ends this process, or what the order says of it, at the checkpoint that the environment names. */
export function reachUntilDeath(environment: Readonly<Record<string, string | undefined>>): ReachCheckpoint {
  const death = parseDeath(environment[DEATH] ?? 'null');
  let left = death?.time ?? 0;
  return (checkpoint) => {
    if (death === null || checkpoint !== death.at) return;
    left -= 1;
    if (left === 0) END[death.how]();
  };
}

const END: Readonly<Record<Death['how'], () => void>> = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  // Outside of every promise, so that nobody catches it; and while libuv's pool is busy, so that what is written by it
  // comes too late.
  throw: () => {
    for (let busy = 0; busy < 16; busy++) pbkdf2('', '', 300_000, 64, 'sha512', () => undefined);
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
  },
  reject: () => void Promise.reject(new Error('nobody waits for this')),
  hang: () => {
    for (;;);
  },
};
