import { openDatabase } from '../store/database.js';
import { liveInstances } from '../store/live-instances.js';
import { migrateDown } from '../store/migrations.js';
import { type PlannedDown, plannedDown } from '../store/planned-down.js';
import { CommandError } from './command-error.js';
import { wrapped } from './wrapped.js';

export interface Down {
  readonly steps: number;
  readonly yes: boolean;
}

/**
 * Reverts steps that nobody works on.
 * @returns their names, last first
 * @throws CommandError before anything is lost, which names it, without `yes` or while an instance runs
 */
export async function revert(databaseUrl: string, { steps, yes }: Down): Promise<string[]> {
  await assertNobodyWorks(databaseUrl);
  const planned = await plannedDown(databaseUrl, steps);
  if (planned.length > 0 && !yes) throw new CommandError(lossesInWords(planned));
  return migrateDown(databaseUrl, { steps });
}

async function assertNobodyWorks(url: string): Promise<void> {
  const database = openDatabase({ url, poolSize: 1, onError: () => {} });
  const instances = await liveInstances(database).finally(() => database.close());
  if (instances.length === 0) return;
  const text =
    `Nothing was reverted: ${instances.join(', ')} ${instances.length === 1 ? 'is' : 'are'} running, and would lose ` +
    'the tables under its feet. Stop every instance first.';
  throw new CommandError(wrapped(text).join('\n'));
}

const lossesInWords = (planned: readonly PlannedDown[]): string =>
  [
    'Nothing was reverted yet. This would be lost, with all that is in it:',
    ...planned.flatMap(({ name, lost }) => [
      `  ${name}`,
      ...(lost.length === 0 ? ['    nothing'] : lost.map((what) => `    ${what}`)),
    ]),
    'Make a backup, then say it again with --yes.',
  ].join('\n');
