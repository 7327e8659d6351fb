import { partitionFor } from '../bus/partition-for.js';
import type { Producer } from '../bus/producer.js';
import type { OutgoingRecord } from '../bus/record.js';
import { SendError } from '../bus/send-error.js';
import { frame } from '../contracts/encode.js';
import type { ReachCheckpoint } from '../domain/checkpoint.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { type Database, inTransaction } from '../store/database.js';
import { deleteOutbox, lockOutbox, type OutboxRow, selectOutbox } from '../store/outbox.js';

const CHUNK = 500;
/** How far one round looks behind a partition that can't be written to. */
const MOST_PAGES = 20;

export interface PublishOptions {
  readonly database: Database;
  readonly producer: Producer;
  /** KAFKA_TOPIC_PREFIX */
  readonly topicPrefix: string;
  /** Id of the schema under which a subject's values are framed. @throws if the registry can't be asked */
  readonly schemaId: (subject: string) => Promise<number>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly reach: ReachCheckpoint;
}

export type Published =
  /** Another instance publishes now. */
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'done';
      readonly published: number;
      readonly more: boolean;
      readonly fault: string | null;
    };

/**
 * Publishes what waits for one topic, lowest id first, and deletes what the broker has acknowledged. One
 * transaction holds the right to publish meanwhile; it changes nothing until it deletes, so it keeps no
 * snapshot open. A crash before its end publishes again: the same records with the same event ids.
 */
export function publishOutbox(topic: string, options: PublishOptions): Promise<Published> {
  return inTransaction(options.database, async (tx) => {
    if (!(await lockOutbox(tx))) return { kind: 'busy' };
    const stuck = new Set<number>();
    let published = 0;
    let fault: string | null = null;
    let after = 0;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const rows = await selectOutbox(tx, topic, after, CHUNK);
      if (rows.length === 0) break;
      options.reach('recorded');
      const started = performance.now();
      const sent = await publish(topic, rows, stuck, options);
      options.reach('published');
      await deleteOutbox(tx, topic, sent.acknowledged);
      options.metrics.stage('publish', (performance.now() - started) / 1000);
      published += sent.acknowledged.length;
      fault ??= sent.fault;
      after = rows.at(-1)?.id ?? after;
      if (rows.length < CHUNK) break;
      // What a stuck partition holds back must not hold back the others, which stand behind it.
      if (stuck.size === 0) return { kind: 'done', published, more: published > 0, fault };
    }
    return { kind: 'done', published, more: false, fault };
  });
}

interface Acknowledged {
  readonly acknowledged: readonly number[];
  readonly fault: string | null;
}

/** @param stuck partitions that failed in this round: skipped, so that their order holds, and added to */
async function publish(
  topic: string,
  rows: readonly OutboxRow[],
  stuck: Set<number>,
  options: PublishOptions,
): Promise<Acknowledged> {
  const name = `${options.topicPrefix}${topic}`;
  const partitions = await options.producer.partitionCount(name);
  if (partitions === undefined) {
    return { acknowledged: [], fault: `topic ${name} does not exist: create it with "comms topics"` };
  }
  const byPartition = new Map<number, OutboxRow[]>();
  for (const row of rows) {
    const partition = row.key === null ? 0 : partitionFor(row.key, partitions);
    if (stuck.has(partition)) continue;
    const chunk = byPartition.get(partition);
    if (chunk) chunk.push(row);
    else byPartition.set(partition, [row]);
  }
  // One send per partition, one under way in each.
  const results = await Promise.all(
    [...byPartition].map(async ([partition, chunk]) => {
      const sent = await sendChunk(name, partition, chunk, options);
      if (sent.fault !== null) stuck.add(partition);
      return sent;
    }),
  );
  return {
    acknowledged: results.flatMap(({ acknowledged }) => acknowledged),
    fault: results.find(({ fault }) => fault !== null)?.fault ?? null,
  };
}

async function sendChunk(
  topic: string,
  partition: number,
  rows: readonly OutboxRow[],
  options: PublishOptions,
): Promise<Acknowledged> {
  try {
    const ids = await schemaIds(rows, options);
    await options.producer.send(
      topic,
      partition,
      rows.map((row) => toRecord(row, ids)),
    );
    return { acknowledged: rows.map(({ id }) => id), fault: null };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    if (error instanceof SendError && error.kind === 'too_large')
      return halve(topic, partition, rows, options, fault);
    return { acknowledged: [], fault };
  }
}

/** A record the broker finds too large must not hold up those behind it. */
async function halve(
  topic: string,
  partition: number,
  rows: readonly OutboxRow[],
  options: PublishOptions,
  fault: string,
): Promise<Acknowledged> {
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) {
    if (only.value.length === 0) return { acknowledged: [], fault };
    options.log.error('a record is too large for its topic and goes without its value', {
      topic,
      outbox: only.id,
    });
    return sendChunk(topic, partition, [{ ...only, value: Buffer.alloc(0), subject: null }], options);
  }
  const half = Math.ceil(rows.length / 2);
  const first = await sendChunk(topic, partition, rows.slice(0, half), options);
  if (first.acknowledged.length < half) return first;
  const second = await sendChunk(topic, partition, rows.slice(half), options);
  return { acknowledged: [...first.acknowledged, ...second.acknowledged], fault: second.fault };
}

/** @param ids of the schemas of the rows' subjects */
function toRecord(
  { key, value, subject, headers }: OutboxRow,
  ids: ReadonlyMap<string, number>,
): OutgoingRecord {
  const id = subject === null ? undefined : ids.get(subject);
  return { key, value: id === undefined ? value : frame(id, value), headers };
}

async function schemaIds(
  rows: readonly OutboxRow[],
  { schemaId }: PublishOptions,
): Promise<Map<string, number>> {
  const subjects = new Set(rows.flatMap(({ subject }) => subject ?? []));
  return new Map(
    await Promise.all([...subjects].map(async (subject) => [subject, await schemaId(subject)] as const)),
  );
}
