import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../dev/stack/run-command.js';
import { projectRoot } from '../src/project-root.js';

export interface Programs {
  /** Path of what a source file was compiled to. */
  readonly of: (source: string) => string;
  remove(): void;
}

/**
 * Compiles the service as `npm run build` does, and what it is compared to in the same way, below this checkout, where
 * templates and dependencies are found: tsx would add its own part to every figure.
 */
export async function buildPrograms(): Promise<Programs> {
  const cache = join(projectRoot(), '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  await runCommand(join(projectRoot(), 'node_modules', '.bin', 'tsc'), [
    '-p',
    join(projectRoot(), 'bench', 'tsconfig.build.json'),
    '--outDir',
    folder,
  ]);
  return { of: (source) => join(folder, source.replace(/\.ts$/, '.js')), remove };
}
