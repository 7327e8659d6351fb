import { Command } from 'commander';
import { parseConfig } from '../config/parse-config.js';
import { CHANNELS } from '../domain/channel.js';
import { type Database, openDatabase } from '../store/database.js';
import { countPossibleDuplicates, flagPossibleDuplicates } from '../store/flag-possible-duplicates.js';
import { liveInstances } from '../store/live-instances.js';
import { pauses } from '../store/pauses.js';
import { waitingFor } from '../store/stopped-instances.js';
import { CommandError } from './command-error.js';
import { counted } from './counted.js';
import { untilInstances } from './instances-follow.js';
import { isoTime } from './iso-time.js';
import { printJson } from './print-json.js';
import { formatTable } from './table.js';
import { withExamples } from './with-examples.js';
import { wrapped } from './wrapped.js';

interface Options {
  readonly until: Date;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function restoredCommand(): Command {
  const command = new Command('restored')
    .description(
      'After the database was restored from a backup: flag what waits as a possible duplicate, as far as it is about ' +
        'events from before the failure. It may have been sent by the database that is lost. See ' +
        'docs/operating.md, "Back up and restore", for what comes before and after.',
    )
    .requiredOption('--until <time>', 'when the lost database stopped to work', isoTime)
    .option('--dry-run', 'say how many it would be, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(flag);
  return withExamples(command, 'comms restored --until 2026-03-09T08:00:00+03:00 --dry-run');
}

async function flag({ until, dryRun, json }: Options): Promise<void> {
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    await assertNothingGoesOut(database);
    const look = dryRun ? countPossibleDuplicates : flagPossibleDuplicates;
    const rules = await look(database, until);
    if (json) printJson({ until, dryRun, flagged: rules });
    else if (rules.length === 0) console.log('nothing waits that could have been sent before');
    else {
      const rows = rules.map(({ channel, rule, messages }) => [rule, channel, String(messages)]);
      console.log(formatTable(['rule', 'channel', dryRun ? 'would be flagged' : 'flagged'], rows));
    }
  } finally {
    await database.close();
  }
}

/** @throws CommandError unless nothing runs, or all that runs has stopped to send, and says so */
async function assertNothingGoesOut(database: Database): Promise<void> {
  const instances = await liveInstances(database);
  if (instances.length === 0) return;
  const paused = (await pauses(database)).map(({ what }) => what);
  const open = CHANNELS.filter((channel) => !paused.includes(channel));
  if (open.length > 0) {
    refuse(
      `${instances.join(', ')} may be sending what is to be flagged. Say ${open.map((channel) => `"comms pause ${channel}"`).join(' and ')} ` +
        'first, and resume afterwards.',
    );
  }
  for (const channel of CHANNELS) {
    const { others } = await untilInstances(database, channel, 'stop');
    if (others.length > 0) {
      refuse(
        `${channel} is paused, but ${others.join(', ')} did not say within some seconds that nothing more goes out by it. ` +
          'Look at its log and at /readyz, or stop it, and say this again.',
      );
    }
    const { on_the_wire: onTheWire } = await waitingFor(database, channel);
    if (onTheWire > 0) {
      refuse(
        `${counted(onTheWire, 'message')} of ${channel} ${onTheWire === 1 ? 'is' : 'are'} still on the wire. Say this again ` +
          'when they have ended: within half a minute.',
      );
    }
  }
}

function refuse(text: string): never {
  throw new CommandError(wrapped(text).join('\n'));
}
