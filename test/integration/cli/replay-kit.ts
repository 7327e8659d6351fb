import type { WantedRange } from '../../../src/bus/topic-range.js';
import { createTally } from '../../../src/cli/replay/tally.js';
import { parseConfig } from '../../../src/config/parse-config.js';
import type { ReplayWish } from '../../../src/intake/replay.js';
import type { ReplayLine } from '../../../src/intake/replay-line.js';
import type { Consumer } from '../../../src/rules/words.js';
import { loadDefinitions } from '../../../src/service/load-definitions.js';
import { openReplay } from '../../../src/service/open-replay.js';
import { columnsOf } from '../../helpers/find-everywhere.js';
import { openRawReader } from '../../helpers/raw-reader.js';
import { waitFor } from '../../helpers/wait-for.js';
import { openIntakeKit } from './intake-kit.js';

interface ReplayHow extends Partial<ReplayWish>, Partial<WantedRange> {
  /** Default: those of consumers/. */
  readonly rules?: readonly Consumer[];
  readonly environment?: Readonly<Record<string, string>>;
}

const EVERYTHING: WantedRange = { from: { kind: 'offset', offset: 0n }, to: null, partition: null };

export type ReplayKit = Awaited<ReturnType<typeof openReplayKit>>;

/** Events on real topics, taken in as the consumer does, and read again. */
export async function openReplayKit() {
  const kit = await openIntakeKit();
  const { bakery } = kit;

  return {
    ...kit,
    /** Takes in what stands on a topic from an offset on, all in one partition. */
    async takeInTopic(event: string, wanted: number, rules?: readonly Consumer[]): Promise<void> {
      const reader = await openRawReader(bakery.kafka, [`${bakery.prefix}${event}`]);
      try {
        await waitFor(() => reader.all.length >= wanted, { what: `${wanted} records of ${event}` });
        await kit.takeIn(reader.all, rules === undefined ? {} : { ruleBook: kit.ruleBookOf(...rules) });
      } finally {
        await reader.close();
      }
    },
    async replay(event: string, { rules, environment = {}, ...how }: ReplayHow = {}) {
      const definitions = loadDefinitions();
      const ruleBook = rules === undefined ? definitions.ruleBook : kit.ruleBookOf(...rules);
      const config = parseConfig({ ...bakery.environment, ...environment });
      const replaying = await openReplay(config, { ...definitions, ruleBook });
      const tally = createTally(Number.POSITIVE_INFINITY);
      try {
        const found = await replaying.find(event, { ...EVERYTHING, ...how });
        if (found === undefined) throw new Error(`no topic ${event}`);
        const { dryRun = false, rule = null } = how;
        await replaying.run(event, found.parts, { dryRun, rule, onReplayed: tally.add });
      } finally {
        await replaying.close();
      }
      const lines = [...tally.differing(), ...tally.same()];
      return { lines, tally, outcomes: outcomesIn(lines) };
    },
    /** Every value of every table. */
    contents: async () => (await columnsOf(bakery.databaseUrl)).map((one) => one.join(' ')).sort(),
    close: kit.close,
  };
}

/** `{ send: 2, 'there QUEUED': 1 }` */
function outcomesIn(lines: readonly ReplayLine[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome, status, reason } of lines) {
    const name = [outcome, status, reason].filter((part) => part !== null).join(' ');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
