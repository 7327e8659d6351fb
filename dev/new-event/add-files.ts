import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../stack/run-command.js';
import type { PlannedFile } from './plan-event.js';

/**
 * Writes the files, formats them and runs the generators.
 * @throws Error with what one of these complained of; everything is then as it was
 */
export async function addFiles(root: string, files: readonly PlannedFile[]): Promise<void> {
  const newFolders: string[] = [];
  try {
    for (const { path, content } of files) {
      const made = mkdirSync(dirname(join(root, path)), { recursive: true });
      if (made !== undefined) newFolders.push(made);
      writeFileSync(join(root, path), content);
    }
    const formatted = files.map(({ path }) => path).filter((path) => /\.(ts|json)$/.test(path));
    await runCommand(join(root, 'node_modules/.bin/biome'), ['check', '--write', ...formatted], {
      cwd: root,
    });
    await generate(root);
  } catch (error) {
    for (const { path, before } of files) {
      if (before === null) rmSync(join(root, path), { force: true });
      else writeFileSync(join(root, path), before);
    }
    // An empty folder would be a template without parts.
    for (const folder of newFolders) rmSync(folder, { recursive: true, force: true });
    await generate(root);
    throw error;
  }
}

const generate = (root: string): Promise<string> =>
  runCommand(process.execPath, ['--import', 'tsx', 'src/codegen/main.ts'], { cwd: root });
