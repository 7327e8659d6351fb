import { Command } from 'commander';
import type { Bound, FoundRange, RangePart, WantedRange } from '../../bus/topic-range.js';
import type { Config } from '../../config/config.js';
import { parseConfig } from '../../config/parse-config.js';
import type { Channel } from '../../domain/channel.js';
import type { Replayed } from '../../intake/replay.js';
import { CommandError } from '../command-error.js';
import { counted } from '../counted.js';
import { eatTime } from '../eat-time.js';
import { printJson } from '../print-json.js';
import { wholeNumber } from '../whole-number.js';
import { withExamples } from '../with-examples.js';
import { wrapped } from '../wrapped.js';
import { bound } from './bound.js';
import { tallyInWords } from './in-words.js';
import { partitionNumber } from './partition-number.js';
import { createTally, type Tally } from './tally.js';

/** Intake, wired for what is on a topic already. */
export type OpenReplay = (config: Config) => Promise<Replaying>;

interface Replaying {
  readonly rules: ReadonlyMap<string, readonly string[]>;
  find(topic: string, wanted: WantedRange): Promise<FoundRange | undefined>;
  run(
    topic: string,
    parts: readonly RangePart[],
    wish: {
      readonly dryRun: boolean;
      readonly rule: string | null;
      readonly onReplayed: (replayed: Replayed, records: number) => void;
    },
  ): Promise<void>;
  hindrances(channels: readonly Channel[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface Options {
  readonly from: Bound;
  readonly to?: Bound;
  readonly partition?: number;
  readonly rule?: string;
  readonly limit?: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const FOR_PEOPLE = 50;

const MORE = `
A time is that of the records, in Nairobi unless it names its zone; --from 24h is a day ago, and
--to 2026-03-09 ends before that day begins. An offset wants --partition, and the one named by --to
is read too. No consumer group moves: the service reads on meanwhile.

What is sent is what today's rules make of an event and what was never made of it before, for the
same rule, recipient and channel: not what failed ("comms resend"), was cancelled, or is held
("comms release"). So people who have joined a role since hear of it, and rules written since
apply: look at it with --dry-run, and narrow it down with --rule. What has expired by the event's
own time is skipped as too_old; collapse, once-for-ever and the brake hold as ever; what somebody
has discarded stays discarded. Events that are not in the inbox are taken in as new ones, but not
with --rule, since the other rules would never apply to them.

It asks nothing: the real run says how many it will send, then sends them. "comms pause email"
first keeps them until "comms resume email", and "comms cancel --rule <rule>" takes them back
meanwhile. It can be broken off and said again: what was done stays, and nothing is sent twice.`;

export function replayCommand(openReplay: OpenReplay): Command {
  const command = new Command('replay')
    .description(
      'Read a range of a topic again: see what was sent of it and what would be sent by the rules of today, and send ' +
        'what was never sent.',
    )
    .argument('<topic>', 'such as order.created, without its prefix')
    .requiredOption('--from <time|offset>', 'where it begins', bound)
    .option('--to <time|offset>', 'where it ends (default: with what is there now)', bound)
    .option('--partition <n>', 'this partition alone (default: all of them)', partitionNumber)
    .option('--rule <module/rule>', 'this rule alone, on events that are in the inbox')
    .option(
      '--limit <n>',
      `most lines shown of what is new, and of what is as it was (default: ${FOR_PEOPLE}, with --json all)`,
      wholeNumber,
    )
    .option('--dry-run', 'say what would come of it, and change nothing', false)
    .option('--json', 'for machines', false)
    .action((topic: string, options: Options) => replay(topic, options, openReplay))
    .addHelpText('after', MORE);
  return withExamples(
    command,
    'comms replay order.created --from 24h --dry-run',
    'comms replay order.created --from 2026-03-09T08:00 --to 2026-03-09T12:30',
    'comms replay stock.low --from 4711 --to 4711 --partition 3 --dry-run',
    'comms replay order.created --from 2d --rule sales/order-confirmation --dry-run',
  );
}

async function replay(given: string, options: Options, openReplay: OpenReplay): Promise<void> {
  const { from, to, partition, dryRun, json } = options;
  const offsets = from.kind === 'offset' || to?.kind === 'offset';
  if (offsets && partition === undefined) {
    throw new CommandError('An offset (digits alone) wants --partition. A time stands for all partitions.');
  }
  if (to !== undefined && !canHold(from, to)) {
    throw new CommandError('--to is before --from, or the same time: nothing is between.');
  }
  const config = parseConfig(process.env);
  const replaying = await openReplay(config);
  try {
    const topic = topicOf(given, config, replaying);
    const rule = ruleOf(options.rule, topic, replaying);
    const parts = await partsOf(topic, { from, to: to ?? null, partition: partition ?? null }, replaying);
    const tally = createTally(options.limit ?? (json ? Number.POSITIVE_INFINITY : FOR_PEOPLE));
    if (!json) console.log(`${rangeInWords(topic, options, parts)}\n`);
    if (!dryRun) await foretell(topic, parts, { rule, json }, replaying);
    try {
      await replaying.run(topic, parts, { dryRun, rule, onReplayed: tally.add });
    } finally {
      // Also what was done when something broke.
      if (json) printJson({ topic, rule, dryRun, parts: parts.map(asNumbers), ...asData(tally) });
      else console.log(tallyInWords(tally, { dryRun }));
    }
    if (!json)
      for (const line of await replaying.hindrances(tally.channels())) console.log(`\nNote: ${line}`);
    const letters = tally.newLetters();
    if (!dryRun && letters > 0) {
      throw new CommandError(`${counted(letters, 'new dead letter')}: see "comms dead-letters list".`);
    }
  } finally {
    await replaying.close();
  }
}

function canHold(from: Bound, to: Bound): boolean {
  if (from.kind === 'offset') return to.kind !== 'offset' || from.offset <= to.offset;
  return to.kind !== 'time' || from.at < to.at;
}

/** Of what the service does not read, every record would become a dead letter. */
function topicOf(given: string, { kafka: { topicPrefix } }: Config, { rules }: Replaying): string {
  const topic = rules.has(given) || !given.startsWith(topicPrefix) ? given : given.slice(topicPrefix.length);
  if (rules.has(topic)) return topic;
  throw new CommandError(
    wrapped(`The service reads no topic ${given}. It reads ${[...rules.keys()].sort().join(', ')}.`).join(
      '\n',
    ),
  );
}

function ruleOf(given: string | undefined, topic: string, { rules }: Replaying): string | null {
  if (given === undefined) return null;
  const own = rules.get(topic) ?? [];
  if (own.includes(given)) return given;
  throw new CommandError(
    `No rule ${given} is for ${topic}. ${own.length === 0 ? 'None is.' : `It has ${own.join(', ')}.`}`,
  );
}

async function partsOf(
  topic: string,
  wanted: WantedRange,
  { find }: Replaying,
): Promise<readonly RangePart[]> {
  const found = await find(topic, wanted);
  if (found === undefined) {
    throw new CommandError(`Kafka has no topic ${topic}. "comms topics" creates what is missing.`);
  }
  if (found.parts.length === 0) {
    throw new CommandError(
      `${topic} has no partition ${wanted.partition}: they are 0 to ${found.partitions - 1}.`,
    );
  }
  return found.parts;
}

function rangeInWords(topic: string, { from, to }: Options, parts: readonly RangePart[]): string {
  const records = parts.reduce((sum, part) => sum + Number(part.to - part.from), 0);
  const filled = parts.filter((part) => part.from < part.to).length;
  const lost = parts.some((part) => from.kind === 'offset' && from.offset < part.first);
  return [
    ...wrapped(
      `${topic} from ${boundInWords(from)} to ${to === undefined ? 'now' : boundInWords(to)}: ` +
        `${counted(records, 'offset')} in ${filled} of ${counted(parts.length, 'partition')}`,
    ),
    ...(lost ? ['What is before the first of them, Kafka does not have any more.'] : []),
  ].join('\n');
}

const boundInWords = (one: Bound): string => (one.kind === 'time' ? eatTime(one.at) : `offset ${one.offset}`);

/** Says what the real run is about to do, before it does it. */
async function foretell(
  topic: string,
  parts: readonly RangePart[],
  { rule, json }: { readonly rule: string | null; readonly json: boolean },
  { run }: Replaying,
): Promise<void> {
  const tally = createTally(0);
  await run(topic, parts, { dryRun: true, rule, onReplayed: tally.add });
  const held = tally.of('held');
  const say = json ? console.error : console.log;
  say(
    `${counted(tally.of('send'), 'message')} will be sent${held === 0 ? '' : `, ${held} held by the brake`}, ` +
      `${tally.of('there')} stay as they are.\n`,
  );
}

const asNumbers = ({ partition, from, to }: RangePart) => ({
  partition,
  from: Number(from),
  to: Number(to),
});

const asData = (tally: Tally) => ({
  records: tally.records(),
  counts: tally.counts(),
  lines: [...tally.differing(), ...tally.same()].map(({ slot, ...line }) => line),
  left: tally.left(),
});
