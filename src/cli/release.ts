import { Command } from 'commander';
import { parseConfig } from '../config/parse-config.js';
import { type Database, openDatabase } from '../store/database.js';
import { type HeldRule, heldMessages } from '../store/held-messages.js';
import { releaseHeld } from '../store/release-held.js';
import { CommandError } from './command-error.js';
import { counted } from './counted.js';
import { eatTime } from './eat-time.js';
import { assertKnownRule } from './known-rule.js';
import { printJson } from './print-json.js';
import { formatTable } from './table.js';
import { wholeNumber } from './whole-number.js';
import { withExamples } from './with-examples.js';

/** Small ones, so that no claim waits for a long transaction. */
const CHUNK = 500;

interface Options {
  readonly limit?: number;
  readonly all?: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function releaseCommand(): Command {
  const command = new Command('release')
    .description(
      'Show what the brake holds because a rule led to more messages than its limit allows; or let it go on, oldest ' +
        'first. A running service then sends it.',
    )
    .argument(
      '[rule]',
      'whose messages to let go on, such as inventory/low-stock-alert; without it they are shown',
    )
    .option('--limit <n>', 'so many of them: a look at how the first ones fare', wholeNumber)
    .option('--all', 'all of them')
    .option('--dry-run', 'say how many it would be, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(release);
  return withExamples(
    command,
    'comms release',
    'comms release inventory/low-stock-alert --limit 10',
    'comms release inventory/low-stock-alert --all',
  );
}

async function release(rule: string | undefined, options: Options): Promise<void> {
  if (rule === undefined && (options.limit !== undefined || options.all)) {
    throw new CommandError(
      'Name the rule whose messages are to go on. "comms release" shows which ones are held.',
    );
  }
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    if (rule !== undefined) await assertKnownRule(database, rule);
    const held = await heldMessages(database);
    if (rule === undefined) show(held, options);
    else await letGo(database, rule, held.find((one) => one.rule === rule)?.messages ?? 0, options);
  } finally {
    await database.close();
  }
}

function show(held: readonly HeldRule[], { json }: Options): void {
  if (json) printJson(held);
  else console.log(held.length === 0 ? 'the brake holds nothing' : `${tableOf(held)}\n\n${ADVICE}`);
}

const ADVICE = `Are so many meant? Look at one of them with "comms why <event id or address>".
  comms release <rule> --limit 10      sends the ten oldest
  comms release <rule> --all           sends all of them
  comms cancel --rule <rule> --held    drops them`;

function tableOf(held: readonly HeldRule[]): string {
  const rows = held.map(({ rule, messages, oldest, firstExpiry }) => [
    rule,
    String(messages),
    eatTime(oldest),
    eatTime(firstExpiry),
  ]);
  return formatTable(['rule', 'messages', 'oldest since', 'first expires'], rows);
}

async function letGo(
  database: Database,
  rule: string,
  held: number,
  { limit, all = false, dryRun, json }: Options,
): Promise<void> {
  if ((limit !== undefined) === all) {
    throw new CommandError(
      `The brake holds ${counted(held, 'message')} of ${rule}. Say --limit <n>, or --all.`,
    );
  }
  const wanted = limit ?? Number.POSITIVE_INFINITY;
  const released = dryRun ? Math.min(held, wanted) : await releaseInChunks(database, rule, wanted);
  const left = Math.max(0, held - released);
  if (json) printJson({ rule, dryRun, released, left });
  else if (held === 0) console.log(`the brake holds nothing of ${rule}`);
  else {
    const done = dryRun ? 'would release' : 'released';
    console.log(`${done} ${counted(released, 'message')} of ${rule}, ${left} left`);
  }
}

async function releaseInChunks(database: Database, rule: string, wanted: number): Promise<number> {
  let released = 0;
  while (released < wanted) {
    const some = await releaseHeld(database, rule, Math.min(CHUNK, wanted - released), released);
    released += some;
    if (some === 0) break;
  }
  return released;
}
