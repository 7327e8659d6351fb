import { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { parseConfig } from '../../config/parse-config.js';
import type { DeadLetterReason } from '../../domain/reason.js';
import type { Retried } from '../../intake/retry-dead-letter.js';
import type { Database } from '../../store/database.js';
import { CommandError } from '../command-error.js';
import { printJson } from '../print-json.js';
import { deadLetterIds } from '../row-ids.js';
import { formatTable } from '../table.js';
import { withExamples } from '../with-examples.js';
import { findDeadLetters } from './find-dead-letters.js';
import { reasonOption } from './reason-option.js';

/** Intake, wired for dead letters. */
export type OpenRetry = (config: Config) => Promise<{
  readonly database: Database;
  retry(id: string, options: { readonly dryRun: boolean }): Promise<Retried>;
  close(): Promise<void>;
}>;

interface RetryOptions {
  readonly all?: boolean;
  readonly reason?: DeadLetterReason;
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
    .argument('[ids...]', 'which ones: see comms dead-letters list')
    .option('--all', 'all that are open and have the reason named by --reason')
    .addOption(reasonOption('with --all: only those with this reason'))
    .option('--dry-run', 'say what would come of it, and change nothing', false)
    .option('--json', 'for machines', false)
    .action((ids: string[], options: RetryOptions) => retry(ids, options, openRetry));
  return withExamples(
    command,
    'comms dead-letters retry 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10',
    'comms dead-letters retry --all --reason mapping_error --dry-run',
  );
}

async function retry(ids: readonly string[], options: RetryOptions, openRetry: OpenRetry): Promise<void> {
  const wanted = wantedOf(ids, options);
  const retrying = await openRetry(parseConfig(process.env));
  try {
    const chosen = typeof wanted === 'string' ? await openOnes(retrying.database, wanted) : wanted;
    const results: Result[] = [];
    try {
      for (const id of chosen) results.push({ id, retried: await retrying.retry(id, options) });
    } finally {
      // Also of those that were done when something broke.
      tell(results, options);
    }
    failIfOpen(results);
  } finally {
    await retrying.close();
  }
}

function wantedOf(
  ids: readonly string[],
  { all, reason }: RetryOptions,
): readonly string[] | DeadLetterReason {
  const wanted = deadLetterIds(ids);
  if (ids.length > 0 && !all && reason === undefined) return wanted;
  if (ids.length === 0 && all && reason !== undefined) return reason;
  throw new CommandError('Name the dead letters by their ids, or say --all --reason <reason>.');
}

async function openOnes(database: Database, reason: DeadLetterReason): Promise<string[]> {
  const letters = await findDeadLetters(database, { reason });
  return letters.map(({ id }) => id).reverse();
}

function tell(results: readonly Result[], { dryRun, json }: RetryOptions): void {
  if (json) printJson(results.map(({ id, retried }) => ({ id, dryRun, ...retried })));
  else if (results.length === 0) console.log('no dead letters');
  else {
    const rows = results.map(({ id, retried }) => [id, inWords(retried)]);
    console.log(formatTable(['id', dryRun ? 'would be' : 'is'], rows));
  }
}

function failIfOpen(results: readonly Result[]): void {
  const open = results.filter(({ retried: { kind } }) => kind === 'failed' || kind === 'not found').length;
  if (open > 0) throw new CommandError(`${open} of ${results.length} could not be taken in.`);
}

const OUTCOMES = {
  accepted: 'resolved: on its way',
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
      return `still open: ${retried.reason}: ${retried.detail}`;
    default:
      return retried.kind;
  }
}
