import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { deferred } from '../domain/deferred.js';
import { SetupError } from '../domain/setup-error.js';
import type { BusRecord } from './record.js';
import { toBusRecord } from './to-bus-record.js';
import type { RangePart } from './topic-range.js';
import { withAdmin } from './with-admin.js';
import { withHeartbeats } from './with-heartbeats.js';

const SESSION_MS = 30_000;
const HEARTBEAT_MS = SESSION_MS / 4;
const STALL_MS = 20_000;

export interface ReadRangeOptions {
  readonly kafka: Kafka;
  /** With prefix. */
  readonly topic: string;
  readonly parts: readonly RangePart[];
  /** Of the service; the group made for this reading alone is named after it. */
  readonly groupId: string;
  /** Most records handed over at once. */
  readonly maxRecords: number;
  /** Gets records of one partition in offset order, one call at a time. Throwing ends the reading. */
  readonly handle: (records: readonly BusRecord[]) => Promise<void>;
  /** Whatever is there is handed out at once: after so long there is nothing to be had. */
  readonly stallMs?: number;
}

/**
 * Reads what lies between offsets, once. kafkajs reads in groups only: this one has a name that nobody else has,
 * commits nothing and is deleted afterwards, so every other group stays where it is.
 */
export async function readRange(options: ReadRangeOptions): Promise<void> {
  const { kafka, topic, maxRecords, handle, stallMs = STALL_MS } = options;
  const parts = new Map(
    options.parts.filter(({ from, to }) => from < to).map((part) => [part.partition, part]),
  );
  if (parts.size === 0) return;
  const next = new Map([...parts].map(([partition, { from }]) => [partition, from]));
  const done = deferred<void>();
  // It may be given up before anybody waits for its end: while it still connects.
  done.promise.catch(() => undefined);
  const groupId = `${options.groupId}.replay.${randomUUID()}`;
  let failed = false;
  let working = false;
  let progressAt = Date.now();
  const fail = (error: unknown) => {
    failed = true;
    done.reject(error instanceof Error ? error : new Error(String(error)));
  };

  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: 250,
    allowAutoTopicCreation: false,
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
  consumer.on(consumer.events.CRASH, ({ payload: { error } }) => fail(error));
  // Whenever it joins: it knows no offset of its own, and would begin anew.
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    for (const partition of payload.memberAssignment[topic] ?? []) {
      const offset = next.get(partition);
      if (offset === undefined || isRead(partition)) consumer.pause([{ topic, partitions: [partition] }]);
      else consumer.seek({ topic, partition, offset: offset.toString() });
    }
  });
  // Transaction markers and aborted records are never handed over.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
    if (batchSize === 0 && !failed) goOn(partition, BigInt(lastOffset) + 1n);
  });
  const watchdog = setInterval(() => {
    if (working || Date.now() - progressAt < stallMs) return;
    const stuck = [...parts.keys()].filter((partition) => !isRead(partition));
    const places = stuck.map((partition) => `partition ${partition} at offset ${next.get(partition)}`);
    fail(
      new SetupError(
        `Kafka has handed out nothing more of ${topic} for ${stallMs / 1000} s: ${places.join(', ')}. ` +
          'A broker may be away: say this again once it is back.',
      ),
    );
  }, 1_000);

  function isRead(partition: number): boolean {
    const part = parts.get(partition);
    return part === undefined || (next.get(partition) ?? 0n) >= part.to;
  }

  function goOn(partition: number, offset: bigint): void {
    const before = next.get(partition);
    if (before === undefined || offset <= before) return;
    next.set(partition, offset);
    progressAt = Date.now();
    if (!isRead(partition)) return;
    consumer.pause([{ topic, partitions: [partition] }]);
    if ([...parts.keys()].every(isRead)) done.resolve();
  }

  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: async ({ batch, heartbeat, isRunning, isStale, resolveOffset }) => {
        const { partition } = batch;
        const part = parts.get(partition);
        if (part === undefined || isRead(partition)) return;
        const wanted = batch.messages
          .map((message) => toBusRecord(topic, partition, message))
          .filter(({ offset }) => offset >= (next.get(partition) ?? part.to) && offset < part.to);
        for (let start = 0; start < wanted.length; start += maxRecords) {
          if (failed || !isRunning() || isStale()) return;
          const chunk = wanted.slice(start, start + maxRecords);
          working = true;
          try {
            await withHeartbeats(heartbeat, HEARTBEAT_MS, () => handle(chunk));
          } catch (error) {
            return fail(error);
          } finally {
            working = false;
          }
          const last = chunk.at(-1);
          if (last !== undefined) goOn(partition, last.offset + 1n);
        }
        goOn(partition, BigInt(batch.lastOffset()) + 1n);
        resolveOffset(batch.lastOffset());
      },
    });
    await done.promise;
  } finally {
    clearInterval(watchdog);
    await consumer.disconnect();
    await deleteGroup(kafka, groupId);
  }
}

/** A group without members or offsets is dropped by the broker by and by: nothing is wrong if it must. */
async function deleteGroup(kafka: Kafka, groupId: string): Promise<void> {
  await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
}
