import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';

const cacheDirectory = join(projectRoot(), '.cache');

/**
 * The directory `.cache/<name>`, filled once by `fill`. It appears whole or not at all, and two processes
 * that fill it at the same time don't meet.
 */
export async function cached(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
  const target = join(cacheDirectory, name);
  if (existsSync(target)) return target;
  mkdirSync(cacheDirectory, { recursive: true });
  const unfinished = mkdtempSync(join(cacheDirectory, `${name}.unfinished-`));
  try {
    await fill(unfinished);
    renameInPlace(unfinished, target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return target;
}

function renameInPlace(unfinished: string, target: string): void {
  try {
    renameSync(unfinished, target);
  } catch (error) {
    // Somebody else was first, with the same content.
    if (!existsSync(target)) throw error;
  }
}
