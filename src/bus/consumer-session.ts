import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, Kafka } from 'kafkajs';
import { deferred } from '../domain/deferred.js';
import type { BackOff } from './back-off.js';
import type { BusLog } from './bus-log.js';
import { createCommitGuard } from './commit-guard.js';
import type { HandleBatch, OnHandleError } from './handle-batch.js';
import { readBatchWith } from './read-batch.js';
import { createWaitingPartitions, type WaitingPartition } from './waiting-partitions.js';

export type SessionEnd =
  | { readonly kind: 'closed' }
  | { readonly kind: 'stalled' }
  | { readonly kind: 'failed'; readonly error: Error; readonly retriable: boolean };

export interface ConsumerSession {
  readonly ended: Promise<SessionEnd>;
  joined(): boolean;
  assigned(): { topic: string; partition: number }[];
  /** Milliseconds since 1970. */
  lastFetchAt(): number | undefined;
  waiting(): WaitingPartition[];
  wake(): void;
  /** Finishes running chunks and leaves the group. False if that takes longer than `limitMs`. */
  close(limitMs: number): Promise<boolean>;
}

export interface SessionOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  /** Must exist: kafkajs fails on a missing topic. */
  readonly topics: string[];
  readonly handle: HandleBatch;
  readonly onHandleError: OnHandleError;
  readonly onJoined: () => void;
  readonly log: BusLog;
  readonly backOff: BackOff;
  readonly maxRecords: number;
  readonly sessionTimeoutMs: number;
  readonly partitionsConcurrently: number;
  readonly stallMs: number;
}

const REBALANCE_TIMEOUT_MS = 30_000;

/** The life of one kafkajs consumer, from connecting to its end; it never starts itself again. */
export function openSession(options: SessionOptions): ConsumerSession {
  const { kafka, groupId, topics, sessionTimeoutMs, log } = options;
  const heartbeatMs = Math.floor(sessionTimeoutMs / 4);
  const guard = createCommitGuard();
  const ended = deferred<SessionEnd>();
  let retriable = false;
  let assigned: { topic: string; partition: number }[] = [];
  let lastFetchAt: number | undefined;
  let aliveAt = Date.now();

  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    heartbeatInterval: heartbeatMs,
    // A resumed partition is read after the running fetch.
    maxWaitTimeInMs: 250,
    maxBytesPerPartition: 262_144,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    retry: {
      retries: 2,
      initialRetryTime: 200,
      maxRetryTime: 1_000,
      // Asked for every error that kafkajs would restart after. A new session does that here.
      restartOnFailure: async () => {
        retriable = true;
        return false;
      },
    },
  });
  const waiting = createWaitingPartitions((topic, partition) =>
    consumer.resume([{ topic, partitions: [partition] }]),
  );
  const readBatch = readBatchWith({ ...options, guard, waiting, heartbeatMs });

  const alive = () => {
    aliveAt = Date.now();
  };
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    alive();
    assigned = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    guard.joined(assigned.map(({ topic, partition }) => [topic, partition]));
    // kafkajs keeps pauses over a rebalance, for partitions that are lost too.
    waiting.wake();
    options.onJoined();
  });
  const left = () => {
    guard.left();
    assigned = [];
  };
  consumer.on(consumer.events.REBALANCING, left);
  consumer.on(consumer.events.STOP, () => {
    left();
    // From here on kafkajs throws at a resume.
    waiting.clear();
  });
  consumer.on(consumer.events.HEARTBEAT, alive);
  consumer.on(consumer.events.FETCH, () => {
    alive();
    lastFetchAt = Date.now();
  });
  consumer.on(
    consumer.events.END_BATCH_PROCESS,
    ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) void passOver(topic, partition, BigInt(lastOffset) + 1n);
    },
  );
  consumer.on(consumer.events.CRASH, ({ payload: { error } }) => end({ kind: 'failed', error, retriable }));

  const watchdog = setInterval(() => {
    const limit = guard.current() === undefined ? options.stallMs + REBALANCE_TIMEOUT_MS : options.stallMs;
    if (Date.now() - aliveAt > limit) end({ kind: 'stalled' });
  }, options.stallMs / 4);

  function end(how: SessionEnd): void {
    clearInterval(watchdog);
    left();
    waiting.clear();
    ended.resolve(how);
  }

  /**
   * Commits past records that are never handed over (transaction markers, aborted records), or the group
   * would not be seen to reach the end. Lost commits come again with the next batch.
   */
  async function passOver(topic: string, partition: number, next: bigint): Promise<void> {
    const membership = guard.current();
    if (membership === undefined || guard.judge(membership, topic, partition, next) !== 'commit') return;
    try {
      await consumer.commitOffsets([{ topic, partition, offset: next.toString() }]);
      guard.committed(membership, topic, partition, next);
    } catch (error) {
      log(
        'warn',
        'Consumer',
        `Committing past the empty end of ${topic}/${partition} failed: ${String(error)}`,
      );
    }
  }

  const started = run(consumer, topics, options.partitionsConcurrently, readBatch).catch((error: unknown) => {
    end({ kind: 'failed', error: asError(error), retriable: true });
  });

  async function leave(): Promise<void> {
    // kafkajs ignores a stop while it joins, and would go on alone afterwards.
    await started;
    await consumer.disconnect();
  }

  let closed: Promise<boolean> | undefined;
  const close = (limitMs: number) => {
    closed ??= leaveWithin(limitMs);
    return closed;
  };

  async function leaveWithin(limitMs: number): Promise<boolean> {
    const limit = new AbortController();
    const gone = leave().then(
      () => true,
      (error: unknown) => {
        log(
          'warn',
          'Consumer',
          `Leaving ${groupId} failed, the broker drops it after its session: ${String(error)}`,
        );
        return true;
      },
    );
    const expired = sleep(limitMs, false, { signal: limit.signal }).catch(() => false);
    const clean = await Promise.race([gone, expired]);
    limit.abort();
    end({ kind: 'closed' });
    return clean;
  }

  return {
    ended: ended.promise,
    joined: () => guard.current() !== undefined,
    assigned: () => assigned,
    lastFetchAt: () => lastFetchAt,
    waiting: waiting.list,
    wake: waiting.wake,
    close,
  };
}

async function run(
  consumer: Consumer,
  topics: string[],
  partitionsConsumedConcurrently: number,
  eachBatch: ReturnType<typeof readBatchWith>,
): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently,
    eachBatch,
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
