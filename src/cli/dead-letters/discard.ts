import { Command } from 'commander';
import { parseConfig } from '../../config/parse-config.js';
import { openDatabase } from '../../store/database.js';
import { type Discarded, discardDeadLetter } from '../../store/discard-dead-letter.js';
import { CommandError } from '../command-error.js';
import { counted } from '../counted.js';
import { printJson } from '../print-json.js';
import { withExamples } from '../with-examples.js';
import { wrapped } from '../wrapped.js';
import { type Choice, type ChoosingOptions, choiceOf, chosenIds } from './choose.js';
import { FILTERS, isEmpty, withFilters } from './filter-options.js';
import { resultsInWords } from './results-in-words.js';

interface DiscardOptions extends ChoosingOptions {
  readonly note: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function discardCommand(): Command {
  const command = new Command('discard')
    .description('Close dead letters that can not be mended. Nothing is sent, and their rows stay.')
    .argument('[ids...]', 'which ones: see comms dead-letters list');
  withFilters(command, 'at most so many, the oldest')
    .option('--all', 'really all that the options above choose', false)
    .option('--note <why>', 'why, for those who look later', 'discarded')
    .option('--dry-run', 'say what would come of it, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(discard);
  return withExamples(
    command,
    'comms dead-letters discard 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10 --note "a test of the sales team"',
    'comms dead-letters discard --reason undecodable --topic order.created --dry-run',
    'comms dead-letters discard --reason undecodable --topic order.created --all --note "a wrong serializer"',
  );
}

interface Result {
  readonly id: string;
  readonly discarded: Discarded;
}

async function discard(given: readonly string[], options: DiscardOptions): Promise<void> {
  const { note, dryRun, json } = options;
  const choice = choiceOf(given, options);
  refuseEverything(choice);
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  const results: Result[] = [];
  try {
    const ids = await chosenIds(database, choice);
    if (choice.kind === 'filtered' && !options.all && !dryRun) {
      throw new CommandError(
        `That would close ${counted(ids.length, 'dead letter')}. Look at them with --dry-run, then say --all.`,
      );
    }
    try {
      for (const id of ids) {
        results.push({ id, discarded: await discardDeadLetter(database, id, note, { dryRun }) });
      }
    } finally {
      // Also of those that were done when something broke.
      if (json) printJson(results.map(({ id, discarded }) => ({ id, dryRun, is: discarded })));
      else
        console.log(
          resultsInWords(
            results.map(({ id, discarded }) => ({ id, says: discarded, sum: discarded })),
            { dryRun },
          ),
        );
    }
  } finally {
    await database.close();
  }
  const missing = results.filter(({ discarded }) => discarded === 'not found').length;
  if (missing > 0) throw new CommandError(`${missing} of ${results.length} are not there.`);
}

/** What nobody has looked at must not be closed by two words. */
function refuseEverything(choice: Choice): void {
  if (choice.kind === 'filtered' && isEmpty(choice.filter)) {
    const said = `Say which ones by ${FILTERS}: --all does not mean every dead letter here.`;
    throw new CommandError(wrapped(said).join('\n'));
  }
}
