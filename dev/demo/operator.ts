import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import { commsEnvironment } from './comms-environment.js';

/** Runs `comms` as an operator does, and gives what it prints. */
export type Operator = (args: readonly string[]) => Promise<string>;

const LIMIT_MS = 30_000;

export const openOperator =
  (environment: Readonly<Record<string, string>>): Operator =>
  (args) =>
    new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        [join(projectRoot(), 'bin', 'comms.mjs'), ...args],
        { env: { ...process.env, ...commsEnvironment(environment) }, timeout: LIMIT_MS },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout.trimEnd());
          else reject(new Error(`comms ${args.join(' ')} failed: ${(stderr || error.message).trim()}`));
        },
      );
    });
