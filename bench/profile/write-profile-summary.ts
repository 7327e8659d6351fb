import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuProfile, profileSummary } from './profile-summary.js';

/** Of the newest profile in a folder. @returns the file it was written to */
export function writeProfileSummary(folder: string): string {
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .at(-1);
  if (newest === undefined)
    throw new Error(`There is no profile in ${folder}: is "ours" among what is measured?`);
  const profile = cpuProfile.parse(JSON.parse(readFileSync(join(folder, newest), 'utf8')));
  const file = join(folder, 'profile.txt');
  writeFileSync(file, `${newest}\n${profileSummary(profile)}\n`);
  return file;
}
