import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';
import { projectRoot } from '../../src/project-root.js';

export interface CommsRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommsOptions {
  /** All it gets besides PATH and HOME. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Default: a directory without .env. */
  readonly cwd?: string;
}

/** Runs `comms` as a process of its own, compiled as in the image: through tsx it would take twice the processor time. */
export function runComms(args: readonly string[], options: CommsOptions = {}): Promise<CommsRun> {
  const { environment = {}, stdin = '', cwd = join(projectRoot(), 'test') } = options;
  const { PATH, HOME } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(inject('programs'), 'src', 'main.js'), ...args],
      { cwd, env: { PATH, HOME, ...environment }, timeout: 60_000 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
    child.stdin?.end(stdin);
  });
}
