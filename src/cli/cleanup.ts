import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { parseConfig } from '../config/parse-config.js';
import { cleanUp, countOld, type Retention } from '../store/clean-up.js';
import { openDatabase } from '../store/database.js';
import { CommandError } from './command-error.js';
import { counted } from './counted.js';
import { printJson } from './print-json.js';
import { formatTable } from './table.js';
import { wholeNumber } from './whole-number.js';
import { withExamples } from './with-examples.js';

/** Nothing waits longer than 30 days, and no topic that is read is made to keep its records that long. */
const SHORTEST_DAYS = 31;
/** For how long events are kept unless somebody says otherwise. */
export const EVENTS_DAYS = 45;
const TELL_EVERY_MS = 5_000;

interface Options {
  readonly logsDays: number;
  readonly eventsDays: number;
  readonly skipsDays: number;
  readonly deadLettersDays: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function cleanupCommand(): Command {
  const command = new Command('cleanup')
    .description(
      'Delete what is old, beside the running service and without anybody waiting for it; safe to be repeated and to ' +
        'be interrupted. Rows still needed stay, however old: of messages that wait, of dead letters that are open. ' +
        'What waits, is parked or failed lately is ended by the service itself.',
    )
    .option('--logs-days <n>', 'e-mail and SMS logs', knownDays('what was sent of an event'), 365)
    .option(
      '--events-days <n>',
      'events seen (an event that comes again later is a new one), and ended slots and windows of the brake; longer ' +
        'than any topic that is read keeps its records',
      knownDays('an event'),
      EVENTS_DAYS,
    )
    .option('--skips-days <n>', 'why something never became a message', wholeNumber, 90)
    .option(
      '--dead-letters-days <n>',
      'dead letters, counted from when they were resolved',
      knownDays('what somebody has discarded'),
      90,
    )
    .option('--dry-run', 'say how many it would be, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(cleanup);
  return withExamples(command, 'comms cleanup --dry-run', 'comms cleanup --logs-days 180');
}

/** For what keeps an event from being sent twice when it comes again, or is read again. */
const knownDays =
  (what: string) =>
  (text: string): number => {
    const days = wholeNumber(text);
    if (days >= SHORTEST_DAYS) return days;
    throw new InvalidArgumentError(
      `It must be at least ${SHORTEST_DAYS}: ${what} must be known while an event's messages may wait (30 days) and its ` +
        'topic keeps it, or what is read again is sent twice.',
    );
  };

async function cleanup(options: Options): Promise<void> {
  const { dryRun, json } = options;
  const keepDays: Retention = {
    logs: options.logsDays,
    events: options.eventsDays,
    skips: options.skipsDays,
    deadLetters: options.deadLettersDays,
  };
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const rows = dryRun
      ? await countOld(database, keepDays)
      : await cleanUp(database, {
          keepDays,
          signal: interrupted.signal,
          // As long a rest as a work: the queues have the disk for half of the time at least.
          rest: (tookMs) => sleep(tookMs),
          ...(!json && { onProgress: progress() }),
        });
    if (json) printJson({ dryRun, keepDays, deleted: Object.fromEntries(rows) });
    else console.log(inWords(rows, dryRun));
    if (interrupted.signal.aborted) throw new CommandError('Interrupted; say it again to go on.');
  } finally {
    await database.close();
  }
}

/** For people who wait, beside the result. */
function progress(): (table: string, deleted: number) => void {
  let next = performance.now() + TELL_EVERY_MS;
  return (table, deleted) => {
    if (performance.now() < next) return;
    next = performance.now() + TELL_EVERY_MS;
    console.error(`… ${counted(deleted, 'row')} of communications_${table} so far`);
  };
}

function inWords(rows: ReadonlyMap<string, number>, dryRun: boolean): string {
  const all = [...rows.values()].reduce((sum, one) => sum + one, 0);
  const table = formatTable(
    ['table', dryRun ? 'would be deleted' : 'deleted'],
    [...rows].map(([name, count]) => [`communications_${name}`, String(count)]),
  );
  return all === 0 ? 'nothing is old enough' : table;
}
