import type { Kafka } from 'kafkajs';
import { z } from 'zod';
import { lag } from '../../src/bus/lag.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import type { Position } from '../bakery/publisher.js';
import type { StatusReader } from '../bakery/status-reader.js';

/** `final`: nothing but a late receipt follows. */
export interface Outcome {
  readonly what: string;
  readonly final: boolean;
}

export interface OutcomesOptions {
  readonly kafka: Kafka;
  /** The service's. */
  readonly groupId: string;
  readonly topicPrefix: string;
  readonly event: string;
  readonly databaseUrl: string;
  readonly statuses: StatusReader;
}

export interface Outcomes {
  /** As far as can be told now, in the order of `positions`. */
  look(positions: readonly Position[]): Promise<Outcome[]>;
  close(): Promise<void>;
}

/** Finds what became of a record by where it stands in its topic: statuses on the bus, the rest in the database. */
export function watchOutcomes(options: OutcomesOptions): Outcomes {
  const { kafka, groupId, topicPrefix, event, statuses } = options;
  const database = openDatabase({ url: options.databaseUrl, poolSize: 1, onError: () => {} });

  return {
    close: () => database.close(),
    async look(positions) {
      // Offsets first: what they cover has its rows already.
      const read = await readUpTo(kafka, groupId, `${topicPrefix}${event}`);
      const traces = await tracesOf(database, event);
      return positions.map((position) => {
        const published = statusOf(statuses, position);
        if (published !== null) return published;
        const here = traces.filter((one) => isAt(position, one));
        const ended = here.find(({ what }) => what !== 'waiting');
        if (ended !== undefined) return { what: ended.what, final: true };
        if (here.length > 0) return { what: 'waiting', final: false };
        // Read, and yet no row of its own: known before.
        const isRead = position.offset < (read.get(position.partition) ?? 0);
        return isRead ? { what: 'duplicate', final: true } : { what: 'published', final: false };
      });
    },
  };
}

const isAt = (
  { partition, offset }: Position,
  at: { readonly partition: number; readonly offset: number },
): boolean => at.partition === partition && at.offset === offset;

function statusOf(statuses: StatusReader, position: Position): Outcome | null {
  const own = statuses.all.filter((one) =>
    isAt(position, { partition: one.source_partition, offset: one.source_offset }),
  );
  const last = own.find(({ settled }) => settled) ?? own.at(-1);
  if (last === undefined) return null;
  return { what: last.reason === null ? last.status : `${last.status}: ${last.reason}`, final: last.settled };
}

/** Next offset to be read, by partition. */
async function readUpTo(kafka: Kafka, groupId: string, topic: string): Promise<ReadonlyMap<number, number>> {
  const [one] = await lag(kafka, groupId, [topic]);
  return new Map(one?.partitions.map(({ partition, committed }) => [partition, Number(committed ?? 0n)]));
}

const trace = z.object({ partition: z.number(), offset: z.number(), what: z.string() });

const tracesOf = (database: Database, event: string) =>
  database.rows(
    `SELECT partition, "offset", 'dead: ' || reason AS what FROM communications_dead_letter WHERE topic = $1
     UNION ALL
     SELECT i.partition, i."offset", coalesce('skipped: ' || s.reason, 'waiting')
       FROM communications_inbox i LEFT JOIN communications_skip s ON s.event_ref = i.id WHERE i.topic = $1`,
    [event],
    trace,
  );
