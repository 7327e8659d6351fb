import { Command } from 'commander';
import { parseConfig } from '../../config/parse-config.js';
import type { DeadLetterReason } from '../../domain/reason.js';
import { openDatabase } from '../../store/database.js';
import type { DeadLetterRow } from '../../store/models/dead-letter.js';
import { eatTime } from '../eat-time.js';
import { printJson } from '../print-json.js';
import { since } from '../since.js';
import { formatTable } from '../table.js';
import { withExamples } from '../with-examples.js';
import { findDeadLetters } from './find-dead-letters.js';
import { reasonOption } from './reason-option.js';

interface ListOptions {
  readonly reason?: DeadLetterReason;
  readonly topic?: string;
  readonly since?: Date;
  readonly resolved: boolean;
  readonly json: boolean;
}

export function listCommand(): Command {
  const command = new Command('list')
    .description('Show dead letters, newest first. Never shows what is in them.')
    .addOption(reasonOption('only with this reason'))
    .option('--topic <topic>', 'only from this topic, without its prefix')
    .option('--since <time>', 'only from then on: 24h, 7d, or a time with its zone', since)
    .option('--resolved', 'those that were resolved too', false)
    .option('--json', 'for machines', false)
    .action(list);
  return withExamples(command, 'comms dead-letters list --reason undecodable --since 24h');
}

async function list({ json, ...filter }: ListOptions): Promise<void> {
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    const letters = await findDeadLetters(database, filter);
    if (json) printJson(letters);
    else console.log(letters.length === 0 ? 'no dead letters' : tableOf(letters));
  } finally {
    await database.close();
  }
}

function tableOf(letters: readonly DeadLetterRow[]): string {
  const rows = letters.map((letter) => [
    letter.id,
    eatTime(letter.createdAt),
    `${letter.topic}/${letter.partition}/${letter.offset}`,
    letter.resolvedAt === null ? letter.reason : `${letter.reason} (${letter.note ?? 'resolved'})`,
    letter.retriedAt === null ? '-' : eatTime(letter.retriedAt),
    letter.rule === '' ? letter.detail : `${letter.rule}: ${letter.detail}`,
  ]);
  return formatTable(['id', 'since', 'topic/partition/offset', 'reason', 'retried', 'what'], rows);
}
