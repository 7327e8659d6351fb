import { z } from 'zod';
import { select } from '../../test/helpers/select.js';
import { readMetrics } from '../read-metrics.js';

/** What the service and its tables hold at one moment. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** Seconds since the run began. */
  readonly at: number;
  readonly heapMb: number;
  readonly residentMb: number;
  readonly externalMb: number;
  /** Open file descriptors. */
  readonly descriptors: number;
  readonly sockets: number;
  readonly timers: number;
  /** 99th percentile of the slower event loop's delay since the last sample, in milliseconds. */
  readonly lagMs: number;
  /** Age of the oldest snapshot in the database, in seconds. */
  readonly snapshot: number;
  /** Null while the database is away. */
  readonly store: StoreSample | null;
}

export interface StoreSample {
  readonly waiting: number;
  readonly outbox: number;
  /** Tables that rows leave again (queue, outbox, worker), with their indexes. */
  readonly queueMb: number;
  /** Rows of these that are gone, and not yet swept. */
  readonly deadRows: number;
  readonly databaseMb: number;
}

const MB = 2 ** 20;

const storeRow = z.object({
  waiting: z.number(),
  outbox: z.number(),
  queueMb: z.number(),
  deadRows: z.number(),
  databaseMb: z.number(),
});

const QUEUES = "('communications_delivery', 'communications_outbox', 'communications_worker')";
const STORE = `
SELECT (SELECT count(*) FROM communications_delivery)::int AS waiting,
       (SELECT count(*) FROM communications_outbox)::int AS outbox,
       (SELECT sum(pg_total_relation_size(relid)) / ${MB} FROM pg_stat_user_tables WHERE relname IN ${QUEUES})::float AS "queueMb",
       (SELECT sum(n_dead_tup) FROM pg_stat_user_tables WHERE relname IN ${QUEUES})::int AS "deadRows",
       (pg_database_size(current_database()) / ${MB})::float AS "databaseMb"`;

/** @throws if the service doesn't answer */
export async function takeSample(url: string, databaseUrl: string, began: number): Promise<Sample> {
  const takenAt = Date.now();
  const [metrics, store] = await Promise.all([readMetrics(url), readStore(databaseUrl)]);
  /** Of both threads where each has its own. @param label to choose by, such as `type="Timeout"` */
  const figures = (name: string, label = '') =>
    [...metrics]
      .filter(([series]) => (series === name || series.startsWith(`${name}{`)) && series.includes(label))
      .map(([, value]) => value);
  const sum = (name: string, label?: string) => figures(name, label).reduce((all, value) => all + value, 0);
  return {
    takenAt,
    at: (takenAt - began) / 1000,
    heapMb: sum('nodejs_heap_size_used_bytes') / MB,
    residentMb: sum('process_resident_memory_bytes') / MB,
    externalMb: sum('nodejs_external_memory_bytes') / MB,
    descriptors: sum('process_open_fds'),
    sockets: sum('nodejs_active_resources', 'type="TCPSocketWrap"'),
    timers: sum('nodejs_active_resources', 'type="Timeout"'),
    lagMs: Math.max(0, ...figures('nodejs_eventloop_lag_p99_seconds')) * 1000,
    snapshot: sum('comms_oldest_snapshot_seconds'),
    store,
  };
}

/** Null: it is away, which one of the runs is about. */
async function readStore(databaseUrl: string): Promise<StoreSample | null> {
  try {
    return (await select(databaseUrl, storeRow, STORE))[0] ?? null;
  } catch {
    return null;
  }
}
