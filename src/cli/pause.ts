import { userInfo } from 'node:os';
import { Command } from 'commander';
import { parseConfig } from '../config/parse-config.js';
import { maskText } from '../domain/mask-text.js';
import { storableText } from '../domain/storable-text.js';
import { type Database, openDatabase } from '../store/database.js';
import { insertPause, pauses } from '../store/pauses.js';
import { waitingFor } from '../store/stopped-instances.js';
import { CommandError } from './command-error.js';
import { counted } from './counted.js';
import { eatTime } from './eat-time.js';
import { untilInstances } from './instances-follow.js';
import { asPausable } from './pausable.js';
import { pausedInWords } from './paused-provider.js';
import { printJson } from './print-json.js';
import { withExamples } from './with-examples.js';
import { sentence, wrapped } from './wrapped.js';

const LONGEST_NOTE = 500;
const LONGEST_NAME = 100;

interface Options {
  readonly note: string;
  readonly by: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function pauseCommand(): Command {
  const command = new Command('pause')
    .description(
      'Let nothing go out by a channel or a provider, on every instance and across restarts, until "comms resume". ' +
        'What comes in meanwhile waits, no attempt is burnt, what expires FAILs as expired, and what is on the wire ' +
        'goes out. Without an argument, show what is paused.',
    )
    .argument(
      '[what]',
      'a channel (email, sms), for whichever provider it has, or a provider (smtp, gmail, sink)',
    )
    .option('--note <why>', 'why, for those who look later; addresses in it are masked', '')
    .option('--by <name>', 'who says so', userInfo().username)
    .option('--dry-run', 'say what would wait, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(pause);
  return withExamples(
    command,
    'comms pause email --note "moving to another mail server"',
    'comms pause',
    'comms resume email',
  );
}

async function pause(what: string | undefined, options: Options): Promise<void> {
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    if (what === undefined) await show(database, options);
    else await stop(database, asPausable(what), options);
  } finally {
    await database.close();
  }
}

async function show(database: Database, { json }: Pick<Options, 'json'>): Promise<void> {
  const all = await pauses(database);
  if (json) printJson(all);
  else if (all.length === 0) console.log('nothing is paused');
  else for (const one of all) console.log(wrapped(sentence(pausedInWords(one))).join('\n'));
}

async function stop(database: Database, what: string, { note, by, dryRun, json }: Options): Promise<void> {
  const paused =
    !dryRun &&
    (await insertPause(database, {
      what,
      note: storableText(maskText(note), LONGEST_NOTE),
      by: storableText(by, LONGEST_NAME),
    }));
  const instances = dryRun ? { following: [], others: [] } : await untilInstances(database, what, 'stop');
  const queue = await waitingFor(database, what);
  const before = paused ? undefined : (await pauses(database)).find((one) => one.what === what);
  const { waiting, on_the_wire: onTheWire, first_expiry: firstExpiry } = queue;
  if (json) printJson({ what, dryRun, paused, ...instances, waiting, onTheWire, firstExpiry });
  else {
    const lines = [
      before === undefined
        ? `${dryRun ? 'would pause' : 'paused'} ${what}`
        : `${pausedInWords(before)}; that stays as it is`,
      ...(instances.following.length === 0 ? [] : [`stopped: ${instances.following.join(', ')}`]),
      ...(onTheWire === 0 ? [] : [`on the wire, and not called back: ${counted(onTheWire, 'message')}`]),
      waiting === 0 || firstExpiry === null
        ? 'nothing waits yet'
        : `${counted(waiting, 'message')} wait${waiting === 1 ? 's' : ''}, the first expires at ${eatTime(firstExpiry)}`,
    ];
    console.log(lines.flatMap((line) => wrapped(line, 0, 2)).join('\n'));
  }
  if (instances.others.length > 0) throw new CommandError(notFollowing(what, instances.others));
}

const notFollowing = (what: string, others: readonly string[]): string =>
  wrapped(
    `It is paused, but ${others.join(', ')} did not say within some seconds that nothing more goes out by ${what}. An ` +
      'instance does not say so if it uses another provider, and does not know of pauses if its build is older. ' +
      'Look at its log and at /readyz, or stop it.',
  ).join('\n');
