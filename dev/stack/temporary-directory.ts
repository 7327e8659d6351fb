import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'chesanto-stack-';

/** A new directory that carries the id of this process, so that others can tell whether it is still in use. */
export function makeStackDirectory(): string {
  removeAbandoned();
  return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
}

/** Waits, up to 2 s, for processes that are still writing their last. */
export function removeStackDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 });
}

// What a process left that was killed before it could tidy up.
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeStackDirectory(join(tmpdir(), name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
