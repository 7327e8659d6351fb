import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new directory that carries the id of this process, so that others can tell whether it is still in use. What a process
 * left that was killed before it could tidy up goes.
 */
export function makeTemporaryDirectory(parent: string = tmpdir(), prefix = 'chesanto-stack-'): string {
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) sweep(join(parent, name));
  }
  return mkdtempSync(join(parent, `${prefix}${process.pid}-`));
}

/** Waits, up to 2 s, for processes that are still writing their last. */
export function removeTemporaryDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 });
}

/** Somebody else's can stay, and is no reason not to start. */
function sweep(abandoned: string): void {
  try {
    removeTemporaryDirectory(abandoned);
  } catch (error) {
    console.error(
      `left where it is: ${abandoned} (${error instanceof Error ? error.message : String(error)})`,
    );
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
