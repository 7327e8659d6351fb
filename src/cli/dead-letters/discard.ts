import { Command } from 'commander';
import { parseConfig } from '../../config/parse-config.js';
import { openDatabase } from '../../store/database.js';
import { type Discarded, discardDeadLetter } from '../../store/discard-dead-letter.js';
import { CommandError } from '../command-error.js';
import { printJson } from '../print-json.js';
import { deadLetterIds } from '../row-ids.js';
import { formatTable } from '../table.js';
import { withExamples } from '../with-examples.js';

interface DiscardOptions {
  readonly note: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function discardCommand(): Command {
  const command = new Command('discard')
    .description('Close dead letters that can not be mended. Nothing is sent, and their rows stay.')
    .argument('<ids...>', 'which ones: see comms dead-letters list')
    .option('--note <why>', 'why, for those who look later', 'discarded')
    .option('--dry-run', 'say what would come of it, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(discard);
  return withExamples(
    command,
    'comms dead-letters discard 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10 --note "a test of the sales team"',
  );
}

async function discard(given: readonly string[], { note, dryRun, json }: DiscardOptions): Promise<void> {
  const ids = deadLetterIds(given);
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  const results: { readonly id: string; readonly discarded: Discarded }[] = [];
  try {
    for (const id of ids) {
      results.push({ id, discarded: await discardDeadLetter(database, id, note, { dryRun }) });
    }
  } finally {
    await database.close();
    // Also of those that were done when something broke.
    if (json) printJson(results.map(({ id, discarded }) => ({ id, dryRun, is: discarded })));
    else console.log(tableOf(results, dryRun));
  }
  const missing = results.filter(({ discarded }) => discarded === 'not found').length;
  if (missing > 0) throw new CommandError(`${missing} of ${results.length} are not there.`);
}

function tableOf(results: readonly { id: string; discarded: Discarded }[], dryRun: boolean): string {
  const rows = results.map(({ id, discarded }) => [id, discarded]);
  return formatTable(['id', dryRun ? 'would be' : 'is'], rows);
}
