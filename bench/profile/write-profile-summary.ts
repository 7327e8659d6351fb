import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuProfile, profileSummary } from './profile-summary.js';

/** As Node names them: `CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile`. */
const NAME = /^CPU\.\d+\.\d+\.(\d+)\.(\d+)\.\d+\.cpuprofile$/;

/** Of the newest process that left its profile in a folder, each of its threads. @returns the file it was written to */
export function writeProfileSummary(folder: string): string {
  const profiles = readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [, pid, thread] = NAME.exec(name) ?? [];
      return pid === undefined ? [] : [{ name, pid, thread }];
    });
  const newest = profiles.at(-1);
  if (newest === undefined)
    throw new Error(`There is no profile in ${folder}: is "ours" among what is measured?`);
  const summaries = profiles
    .filter(({ pid }) => pid === newest.pid)
    .map(({ name, thread }) => {
      const profile = cpuProfile.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
      return `Thread ${thread}, ${name}\n${profileSummary(profile)}\n`;
    });
  const file = join(folder, 'profile.txt');
  writeFileSync(file, summaries.join('\n\n'));
  return file;
}
