import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import type { Replacement } from './mutation.js';

const LEFT_OUT = ['node_modules', '.git', '.cache', 'dist'];

/** This project, to be changed and thrown away. It shares the dependencies, and what the stack has fetched. */
export function copyProject(directory: string): void {
  cpSync(projectRoot(), directory, {
    recursive: true,
    filter: (path) => !LEFT_OUT.includes(basename(path)),
  });
  symlinkSync(join(projectRoot(), 'node_modules'), join(directory, 'node_modules'));
  const [cache, copy] = [join(projectRoot(), '.cache'), join(directory, '.cache')];
  if (!existsSync(cache)) return;
  mkdirSync(copy);
  for (const name of readdirSync(cache).filter((one) => one.startsWith('kafka-'))) {
    symlinkSync(join(cache, name), join(copy, name));
  }
}

/** @throws Error if the text does not stand there exactly once */
export function replaceOnce(directory: string, { file, text, by }: Replacement): void {
  const path = join(directory, file);
  const parts = readFileSync(path, 'utf8').split(text);
  if (parts.length !== 2) {
    throw new Error(`"${text}" stands ${parts.length - 1} times in ${file}: mend the mutation that names it`);
  }
  writeFileSync(path, parts.join(by));
}
