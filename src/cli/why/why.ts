import { Command } from 'commander';
import { parseConfig } from '../../config/parse-config.js';
import { maskText } from '../../domain/mask-text.js';
import { openDatabase } from '../../store/database.js';
import { CommandError } from '../command-error.js';
import { printJson } from '../print-json.js';
import { wholeNumber } from '../whole-number.js';
import { withExamples } from '../with-examples.js';
import { wrapped } from '../wrapped.js';
import { addressOf } from './address.js';
import { findWhat } from './find.js';
import { whyLines } from './print.js';

interface Options {
  readonly limit: number;
  readonly json: boolean;
}

export function whyCommand(): Command {
  const command = new Command('why')
    .description(
      'Tell what became of an event or a message, why, and what to do. Reads only; shows no address in clear.',
    )
    .argument(
      '<what>',
      'a notification, an event (ce_id), a module’s own key (ce_subject), a dead letter, or an address: ' +
        'e-mail or phone',
    )
    .option(
      '--limit <n>',
      'of an address: so many messages, the newest; of an event: of each rule',
      wholeNumber,
      10,
    )
    .option('--json', 'for machines', false)
    .action(why);
  return withExamples(
    command,
    'comms why 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10',
    'comms why order-2026-0317',
    'comms why jane@example.com --limit 3',
    'comms why 0712345678',
  );
}

async function why(what: string, { limit, json }: Options): Promise<void> {
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    const found = await findWhat(database, what, { limit, now: new Date() });
    if (found === null) throw new CommandError(notFound(what));
    if (json) printJson(found);
    else console.log(whyLines(found, limit).join('\n'));
  } finally {
    await database.close();
  }
}

function notFound(what: string): string {
  const address = addressOf(what);
  const looked =
    address === null
      ? 'the notifications, the events by id and by subject, and the dead letters'
      : `the messages to ${address.masked}, what was left out for it, and the events by id and by subject`;
  return [
    ...wrapped(`Nothing is on record of ${address?.masked ?? `"${maskText(what)}"`}.`),
    ...wrapped(`Looked through ${looked}. It may be that`),
    ...MAY_BE.flatMap((text) => wrapped(`- ${text}`, 2, 4)),
  ].join('\n');
}

const MAY_BE = [
  'it has not been read yet: "comms doctor" tells the lag, as does comms_consumer_lag on /metrics',
  'it went to another topic or cluster than this service reads: see "comms doctor" and KAFKA_TOPIC_PREFIX',
  "it is known by another name: the event's ce_id and ce_subject lead here, and the address of a recipient",
  'it is too long ago: old records are cleaned away',
];
