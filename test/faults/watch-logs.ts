import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns whether, from now on, any instance has written what fits */
export function watchLogs(directory: string): (pattern: RegExp) => boolean {
  const read = () =>
    readdirSync(directory)
      .filter((name) => name.endsWith('.log'))
      .map((name) => ({ name, content: readFileSync(join(directory, name)) }));
  const before = new Map(read().map(({ name, content }) => [name, content.length]));
  return (pattern) =>
    read().some(({ name, content }) => pattern.test(content.subarray(before.get(name)).toString('utf8')));
}
