import { Command } from 'commander';
import { parseConfig } from '../config/parse-config.js';
import { createStatusEncoder } from '../contracts/status-encoder.js';
import { type Cancelled, type CancelOptions, cancelMessages, cancelRule } from '../delivery/cancel.js';
import { maskText } from '../domain/mask-text.js';
import { storableText } from '../domain/storable-text.js';
import { openDatabase } from '../store/database.js';
import { CommandError } from './command-error.js';
import { counted } from './counted.js';
import { assertKnownRule } from './known-rule.js';
import { printJson } from './print-json.js';
import { projectContracts } from './project-contracts.js';
import { notificationIds } from './row-ids.js';
import { formatTable } from './table.js';
import { withExamples } from './with-examples.js';

const LONGEST_NOTE = 500;

interface Options {
  readonly rule?: string;
  readonly held: boolean;
  readonly note?: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function cancelCommand(): Command {
  const command = new Command('cancel')
    .description(
      'Take back messages that still wait, those that the brake holds too. What is on the wire goes out, and what ' +
        'has ended stays as it is; so does what is parked, of which there is no message yet.',
    )
    .argument('[ids...]', 'notifications: "comms why <event id or address>" shows them')
    .option('--rule <module/rule>', 'all that waits of this rule')
    .option('--held', 'with --rule: only what the brake holds', false)
    .option('--note <why>', 'why, for those who look later; addresses in it are masked')
    .option('--dry-run', 'say what would come of it, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(cancel);
  return withExamples(
    command,
    'comms cancel 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10 --note "the order was a test"',
    'comms cancel --rule inventory/low-stock-alert --held --dry-run',
  );
}

async function cancel(given: readonly string[], options: Options): Promise<void> {
  const ids = notificationIds(given);
  const { rule, held } = options;
  if (ids.length > 0 === (rule !== undefined) || (held && rule === undefined)) {
    throw new CommandError(
      'Name the notifications by their ids, or say --rule <module/rule>, with --held for what the brake holds.',
    );
  }
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  const how = {
    database,
    encode: createStatusEncoder(projectContracts()),
    note: noteOf(options.note),
    dryRun: options.dryRun,
  };
  try {
    if (rule === undefined) await cancelNamed(ids, how, options);
    else await cancelOfRule(rule, how, options);
  } finally {
    await database.close();
  }
}

const noteOf = (note: string | undefined): string =>
  note === undefined ? 'by an operator' : storableText(`by an operator: ${maskText(note)}`, LONGEST_NOTE);

async function cancelNamed(
  ids: readonly string[],
  how: CancelOptions,
  { dryRun, json }: Options,
): Promise<void> {
  const results = [...(await cancelMessages(ids, how))];
  if (json) printJson(results.map(([id, cancelled]) => ({ id, dryRun, ...cancelled })));
  else {
    const rows = results.map(([id, cancelled]) => [id, inWords(cancelled)]);
    console.log(formatTable(['id', dryRun ? 'would be' : 'is'], rows));
  }
  const left = results.filter(([, { kind }]) => kind !== 'cancelled').length;
  if (left > 0) throw new CommandError(`${left} of ${results.length} can not be taken back.`);
}

function inWords(cancelled: Cancelled): string {
  switch (cancelled.kind) {
    case 'on the wire':
      return 'left: it is being sent right now';
    case 'settled':
      return `left: it has ended, as ${cancelled.status}`;
    default:
      return cancelled.kind;
  }
}

async function cancelOfRule(
  rule: string,
  how: CancelOptions,
  { held, dryRun, json }: Options,
): Promise<void> {
  await assertKnownRule(how.database, rule);
  const { cancelled, onTheWire } = await cancelRule({ rule, held }, how);
  if (json) printJson({ rule, held, dryRun, cancelled, onTheWire });
  else if (cancelled + onTheWire === 0) console.log(`nothing of ${rule} ${held ? 'is held' : 'waits'}`);
  else {
    console.log(`${dryRun ? 'would cancel' : 'cancelled'} ${counted(cancelled, 'message')} of ${rule}`);
    if (onTheWire > 0) {
      console.log(
        `left ${onTheWire} on the wire: should an attempt of these fail, they can be cancelled then`,
      );
    }
  }
}
