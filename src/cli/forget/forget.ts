import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { parseConfig } from '../../config/parse-config.js';
import { createStatusEncoder } from '../../contracts/status-encoder.js';
import { cancelMessages } from '../../delivery/cancel.js';
import { CHANNELS } from '../../domain/channel.js';
import { maskEmail, maskPhone } from '../../domain/mask.js';
import { addressKeysOf, type Person, userKeysOf } from '../../domain/person.js';
import { deadLettersNaming } from '../../intake/dead-letters-naming.js';
import { type Database, openDatabase } from '../../store/database.js';
import { forgetTraces } from '../../store/forget-traces.js';
import { createDigester } from '../../store/keyed-hash.js';
import { retryingDeadlocks } from '../../store/retrying-deadlocks.js';
import { rehearsed } from '../../store/rolled-back.js';
import { createSeal } from '../../store/sealing.js';
import { eventsNaming, tracesOf, waitingForPerson } from '../../store/traces.js';
import { EVENTS_DAYS } from '../cleanup.js';
import { CommandError } from '../command-error.js';
import { counted } from '../counted.js';
import { eatTime } from '../eat-time.js';
import { printJson } from '../print-json.js';
import { projectContracts } from '../project-contracts.js';
import { formatTable } from '../table.js';
import { withExamples } from '../with-examples.js';
import { wrapped } from '../wrapped.js';
import { whoIs } from './who.js';

interface Options {
  readonly name: readonly string[];
  readonly keepWaiting: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

export function forgetCommand(): Command {
  const command = new Command('forget')
    .description(
      'Forget a person: the logs keep that something was sent, when and in which template, but no address, words, ' +
        'answers or variables; their profile goes, and what waits for them is cancelled. There is no way back. Out of ' +
        'reach: mails that were delivered, records on Kafka until their topic drops them (have the module delete the ' +
        'profile too, or it comes back), backups, and sealed messages to others that name the person, until they are ' +
        'sent or expire.',
    )
    .argument('<who>', 'a user id (12, user:1234567), an e-mail address or a phone number')
    .option(
      '--name <name>',
      'a name to look for as well, whoever else has it; can be said again',
      collected,
      [],
    )
    .option('--keep-waiting', 'let what waits for them be sent first', false)
    .option('--dry-run', 'say what would be forgotten, and change nothing', false)
    .option('--yes', 'do it', false)
    .option('--json', 'for machines', false)
    .action(forget);
  return withExamples(
    command,
    'comms forget jane@example.com --dry-run',
    'comms forget user:12 --yes',
    'comms forget 0712345678 --name "Jane Wanjiru" --yes',
  );
}

const collected = (one: string, before: readonly string[]): readonly string[] => [...before, one];

async function forget(who: string, options: Options): Promise<void> {
  const config = parseConfig(process.env, { needs: ['database', 'payloadKeys'] });
  const database = openDatabase({ url: config.databaseUrl, poolSize: 1, onError: () => {} });
  try {
    const person = await whoIs(database, who, options.name);
    const dryRun = options.dryRun || !options.yes;
    const result = await forgetPerson(database, person, { ...options, ...config, dryRun });
    if (options.json) printJson({ person: masked(person), dryRun, ...result });
    else console.log(inWords(person, result, dryRun).join('\n'));
    objectTo(result, options);
  } finally {
    await database.close();
  }
}

type Result = Awaited<ReturnType<typeof forgetPerson>>;

async function forgetPerson(
  database: Database,
  person: Person,
  options: Pick<Options, 'keepWaiting' | 'dryRun'> & {
    readonly payloadKeys: Parameters<typeof createSeal>[0];
  },
) {
  const { keepWaiting, dryRun, payloadKeys } = options;
  const waiting = await waitingForPerson(database, person);
  const idsThat = (state: (typeof waiting)[number]['state']) =>
    waiting.filter((one) => one.state === state).map(({ notification_id: id }) => id);
  const encode = createStatusEncoder(projectContracts());
  const note = 'by an operator, as the recipient wished to be forgotten';
  const cancelled = keepWaiting
    ? new Map<string, { kind: string }>()
    : await cancelMessages(idsThat('waits'), { database, encode, note, dryRun });
  const traces = await tracesOf(database, person);
  const letters = await deadLettersNaming(database, person, createSeal(payloadKeys));
  const rows = await retryingDeadlocks(() =>
    rehearsed(database, { dryRun }, (tx) =>
      forgetTraces(tx, {
        ...{ person, traces, deadLetters: letters.ids, keepWaiting, token: randomUUID() },
        brakeKeys: brakeKeysOf(person, payloadKeys),
      }),
    ),
  );
  return {
    rows,
    cancelled: [...cancelled.values()].filter(({ kind }) => kind === 'cancelled').length,
    stillSent: idsThat('on the wire').length + (keepWaiting ? idsThat('waits').length : 0),
    lockedDeadLetters: letters.locked,
    /** Open, and left as they are. */
    deadLettersOfName: letters.nameOnly,
    keptEvents: await eventsNaming(database, person, traces),
  };
}

/** As the brake counts by. */
function brakeKeysOf(person: Person, keys: Parameters<typeof createDigester>[0]): Buffer[] {
  const digester = createDigester(keys);
  return CHANNELS.flatMap((channel) =>
    [...userKeysOf(person), ...addressKeysOf(person)].map((key) =>
      digester.lookupKey(Buffer.from(`${channel} ${key}`)),
    ),
  );
}

const masked = ({ userIds, emails, phones }: Person) => ({
  userIds,
  addresses: [...emails.map(maskEmail), ...phones.map(maskPhone)],
});

function inWords(person: Person, { rows, cancelled }: Result, dryRun: boolean): string[] {
  const { userIds, addresses } = masked(person);
  const who = [...userIds.map((id) => `user ${id}`), ...addresses].join(', ');
  const lines = Object.entries(rows).map(([table, count]) => [`communications_${table}`, String(count)]);
  return [
    ...wrapped(`${dryRun ? 'would forget' : 'forgot'} ${who}`),
    formatTable(
      ['rows', dryRun ? 'would be' : 'were'],
      [...lines, ['messages cancelled', String(cancelled)]],
    ),
  ];
}

const DAY_MS = 86_400_000;

function objectTo(result: Result, options: Options): void {
  const { rows, cancelled, stillSent, lockedDeadLetters, deadLettersOfName, keptEvents } = result;
  const objections = [
    ...(Object.values(rows).some((count) => count > 0) || cancelled + stillSent > 0
      ? []
      : ['Nothing is on record of them: look whether that is who you mean.']),
    ...(stillSent === 0
      ? []
      : [
          `${stillSent} of their messages ${stillSent === 1 ? 'is' : 'are'} still to be sent, with the address: say it again when they are.`,
        ]),
    ...(lockedDeadLetters === 0
      ? []
      : [
          `${lockedDeadLetters} dead letters can not be looked into: their key is missing ("comms keys list").`,
        ]),
    ...(deadLettersOfName.length === 0
      ? []
      : [
          `Open dead letters with the name, and no address of theirs, may be about somebody else, and were left: retry or discard them, and say it again: ${deadLettersOfName.join(', ')}`,
        ]),
    ...(keptEvents.last === null
      ? []
      : [
          `${counted(keptEvents.events, 'event')} of a module ${keptEvents.events === 1 ? 'has' : 'have'} an address or name in the id or source, which stays: without it the event would be taken twice. "comms cleanup" deletes the last one after ${eatTime(new Date(keptEvents.last.getTime() + EVENTS_DAYS * DAY_MS))}, if it keeps events for ${EVENTS_DAYS} days.`,
        ]),
    ...(options.yes || options.dryRun ? [] : ['Nothing was changed yet. Say it again with --yes.']),
  ];
  if (objections.length > 0) throw new CommandError(objections.flatMap((text) => wrapped(text)).join('\n'));
}
