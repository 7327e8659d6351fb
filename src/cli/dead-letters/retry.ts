import { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { parseConfig } from '../../config/parse-config.js';
import { maskText } from '../../domain/mask-text.js';
import type { Retried } from '../../intake/retry-dead-letter.js';
import type { Database } from '../../store/database.js';
import { CommandError } from '../command-error.js';
import { printJson } from '../print-json.js';
import { withExamples } from '../with-examples.js';
import { type ChoosingOptions, choiceOf, chosenIds } from './choose.js';
import { withFilters } from './filter-options.js';
import { resultsInWords } from './results-in-words.js';

/** Intake, wired for dead letters. */
export type OpenRetry = (config: Config) => Promise<{
  readonly database: Database;
  retry(id: string, options: { readonly dryRun: boolean }): Promise<Retried>;
  close(): Promise<void>;
}>;

interface RetryOptions extends ChoosingOptions {
  readonly dryRun: boolean;
  readonly json: boolean;
}

interface Result {
  readonly id: string;
  readonly retried: Retried;
}

export function retryCommand(openRetry: OpenRetry): Command {
  const command = new Command('retry')
    .description('Take dead letters in again, oldest first. Safe to repeat: nothing is sent twice.')
    .argument('[ids...]', 'which ones: see comms dead-letters list');
  withFilters(command, 'at most so many, the oldest: a look at how the first ones fare')
    .option('--all', 'every open one, as far as the options above choose', false)
    .option('--dry-run', 'say what would come of it, and change nothing', false)
    .option('--json', 'for machines', false)
    .action((ids: string[], options: RetryOptions) => retry(ids, options, openRetry));
  return withExamples(
    command,
    'comms dead-letters retry 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10',
    'comms dead-letters retry --reason mapping_error --rule sales/order-confirmation --dry-run',
    'comms dead-letters retry --reason unknown_schema --topic order.created --limit 10',
  );
}

async function retry(ids: readonly string[], options: RetryOptions, openRetry: OpenRetry): Promise<void> {
  const choice = choiceOf(ids, options);
  const retrying = await openRetry(parseConfig(process.env));
  try {
    const results: Result[] = [];
    try {
      for (const id of await chosenIds(retrying.database, choice)) {
        results.push({ id, retried: await retrying.retry(id, options) });
      }
    } finally {
      // Also of those that were done when something broke.
      tell(results, options);
    }
    failIfOpen(results);
  } finally {
    await retrying.close();
  }
}

function tell(results: readonly Result[], { dryRun, json }: RetryOptions): void {
  if (json) printJson(results.map(({ id, retried }) => ({ id, dryRun, ...retried })));
  else {
    const told = results.map(({ id, retried }) => ({ id, says: inWords(retried), sum: sumOf(retried) }));
    console.log(resultsInWords(told, { dryRun }));
  }
}

function failIfOpen(results: readonly Result[]): void {
  const open = results.filter(({ retried: { kind } }) => kind === 'failed' || kind === 'not found').length;
  if (open > 0) throw new CommandError(`${open} of ${results.length} could not be taken in.`);
}

const OUTCOMES = {
  accepted: 'resolved: on its way',
  held: 'resolved: held by the brake until "comms release"',
  parked: 'resolved: waits for its recipient',
  skipped: 'resolved: nothing to be sent, see communications_skip for the reason',
  duplicate: 'resolved: it has come again by itself meanwhile',
  profile: 'resolved: the profile is taken over',
} as const;

function inWords(retried: Retried): string {
  switch (retried.kind) {
    case 'resolved':
      return OUTCOMES[retried.outcome];
    case 'failed':
      return `still open: ${retried.reason}: ${maskText(retried.detail)}`;
    default:
      return retried.kind;
  }
}

/** Without what is different in each. */
const sumOf = (retried: Retried): string =>
  retried.kind === 'failed' ? `still open (${retried.reason})` : inWords(retried);
