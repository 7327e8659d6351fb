import { Command } from 'commander';
import { parseConfig } from '../../config/parse-config.js';
import { openDatabase } from '../../store/database.js';
import type { DeadLetterRow } from '../../store/models/dead-letter.js';
import { counted } from '../counted.js';
import { eatTime } from '../eat-time.js';
import { printJson } from '../print-json.js';
import { formatTable } from '../table.js';
import { withExamples } from '../with-examples.js';
import { sentence, wrapped } from '../wrapped.js';
import { type CountedLetters, countDeadLetters } from './count-dead-letters.js';
import { type FilterOptions, filterOf, withFilters } from './filter-options.js';
import { findDeadLetters } from './find-dead-letters.js';
import { maskedLetter } from './masked-letter.js';

const FOR_PEOPLE = 50;

interface ListOptions extends FilterOptions {
  readonly resolved: boolean;
  readonly count: boolean;
  readonly json: boolean;
}

export function listCommand(): Command {
  const command = new Command('list').description(
    'Show dead letters, newest first, and how many there are of each kind. Never shows what is in them.',
  );
  withFilters(command, `at most so many (default: ${FOR_PEOPLE}, with --json all)`)
    .option('--resolved', 'those that were resolved too', false)
    .option('--count', 'only how many there are of each reason, topic and rule', false)
    .option('--json', 'for machines', false)
    .action(list);
  return withExamples(
    command,
    'comms dead-letters list --reason undecodable --since 24h',
    'comms dead-letters list --count',
  );
}

async function list({ resolved, count, json, ...options }: ListOptions): Promise<void> {
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  const filter = filterOf(options);
  const limit = options.limit ?? (json ? undefined : FOR_PEOPLE);
  try {
    const counts = json && !count ? [] : await countDeadLetters(database, filter, { resolved });
    if (count) {
      if (json) printJson(counts);
      else console.log(counts.length === 0 ? 'no dead letters' : countsTable(counts));
      return;
    }
    const found = await findDeadLetters(database, filter, { resolved, ...(limit && { limit }) });
    const letters = found.map(maskedLetter);
    if (json) printJson(letters);
    else if (letters.length === 0) console.log('no dead letters');
    else console.log([letters.map(inWords).join('\n'), closing(counts, letters.length)].join('\n\n'));
  } finally {
    await database.close();
  }
}

function inWords(letter: DeadLetterRow): string {
  const { id, createdAt, topic, partition, offset, reason, note, resolvedAt, retriedAt, rule, detail } =
    letter;
  const ended = resolvedAt === null ? '' : ` (${note ?? 'taken in'})`;
  const what = [rule === '' ? '' : `rule ${rule}`, detail].filter((part) => part !== '').join(': ');
  return [
    ...wrapped(`${id}  ${eatTime(createdAt)}  ${topic}/${partition}/${offset}`),
    ...wrapped(
      sentence(`${reason}${ended}: ${what}`).replace(/^./, (first) => first.toLowerCase()),
      2,
      4,
    ),
    ...(retriedAt === null || resolvedAt !== null ? [] : [`  retried ${eatTime(retriedAt)}, still open`]),
  ].join('\n');
}

function closing(counts: readonly CountedLetters[], shown: number): string {
  const all = counts.reduce((sum, { letters }) => sum + letters, 0);
  const more = all > shown ? `, of which the newest ${shown} are shown (--limit, --json)` : '';
  return `${counted(all, 'dead letter')}${more}:\n${countsTable(counts)}`;
}

function countsTable(counts: readonly CountedLetters[]): string {
  const rows = counts.map(({ letters, reason, topic, rule, first, last }) => [
    String(letters).padStart(6),
    reason,
    rule === '' ? topic : `${topic}, ${rule}`,
    first.getTime() === last.getTime() ? eatTime(last) : `${eatTime(first)} to ${eatTime(last)}`,
  ]);
  return formatTable(['', 'reason', 'topic, rule', 'set aside'], rows);
}
