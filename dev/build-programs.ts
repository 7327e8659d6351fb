import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../src/project-root.js';
import { runCommand } from './stack/run-command.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from './stack/temporary-directory.js';

/** What stands before the path of a source file in that of what it was compiled to. */
export const PROGRAMS_FOLDER = /^.*\/\.cache\/programs-[\w-]+\//;

export interface Programs {
  /** Holds what was compiled, in the sources' own folders. */
  readonly folder: string;
  /** Path of what a source file was compiled to. */
  readonly of: (source: string) => string;
  remove(): void;
}

/**
 * Compiles what a tsconfig names, below this checkout, where templates and dependencies are found. Whatever is started
 * often, or measured, is started so: tsx takes twice the processor time until a process does its work.
 * @param tsconfig from the project's root
 */
export async function buildPrograms(tsconfig: string): Promise<Programs> {
  const cache = join(projectRoot(), '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = makeTemporaryDirectory(cache, 'programs-');
  const remove = () => removeTemporaryDirectory(folder);
  process.once('exit', remove);
  await runCommand(join(projectRoot(), 'node_modules', '.bin', 'tsc'), [
    '-p',
    join(projectRoot(), tsconfig),
    '--outDir',
    folder,
  ]);
  return { folder, of: (source) => join(folder, source.replace(/\.ts$/, '.js')), remove };
}
