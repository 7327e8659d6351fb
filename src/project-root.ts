import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './domain/setup-error.js';

let found: string | undefined;

/**
 * Absolute path of the folder with package.json: the same from src/ (tsx) and from dist/ (built).
 * @throws Error when no folder above this module has one.
 */
export function projectRoot(): string {
  found ??= nearestPackage(dirname(fileURLToPath(import.meta.url)));
  return found;
}

function nearestPackage(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) {
      throw new SetupError(`no package.json in ${start} or above it: run from a whole checkout or image`);
    }
  }
}
