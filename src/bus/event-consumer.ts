import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { deferred } from '../domain/deferred.js';
import { createBackOff } from './back-off.js';
import type { BusLog } from './bus-log.js';
import { type ConsumerSession, openSession, type SessionEnd } from './consumer-session.js';
import { existingTopics } from './existing-topics.js';
import type { HandleBatch, OnHandleError } from './handle-batch.js';
import type { WaitingPartition } from './waiting-partitions.js';
import { withAdmin } from './with-admin.js';

export interface EventConsumerOptions {
  /** No other consumer of the same group may use this client. */
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly handle: HandleBatch;
  readonly log: BusLog;
  /** Called once, when the consumer can't go on; the process is to fail its liveness and exit. */
  readonly onDead: (error: Error) => void;
  readonly onHandleError?: OnHandleError;
  /** Records per chunk; 500. */
  readonly maxRecords?: number;
  /** How soon a dead member's partitions are given away; 6000, the least a broker allows by default. */
  readonly sessionTimeoutMs?: number;
  readonly partitionsConcurrently?: number;
  /** How often topics that don't exist are looked for; a minute. */
  readonly missingTopicsMs?: number;
  /** Without a fetch or heartbeat for so long the client is replaced; 30 s. */
  readonly stallMs?: number;
}

export interface ConsumerState {
  readonly phase: 'starting' | 'no_topics' | 'joining' | 'running' | 'restarting' | 'stopped' | 'dead';
  readonly joined: boolean;
  readonly assigned: readonly { readonly topic: string; readonly partition: number }[];
  /** Milliseconds since 1970; undefined before the first fetch. */
  readonly lastFetchAt: number | undefined;
  readonly waiting: readonly WaitingPartition[];
  readonly missingTopics: readonly string[];
  readonly handleErrors: number;
  readonly restarts: number;
}

export interface EventConsumer {
  /** Resolved at the first join, or when there is no topic to join for; rejected if the consumer dies or is stopped before. */
  readonly joined: Promise<void>;
  state(): ConsumerState;
  /** Reads every waiting partition again now. */
  wake(): void;
  /** Finishes the running chunks, commits and leaves the group; gives up waiting after `limitMs`. */
  stop(limitMs: number): Promise<'left' | 'abandoned'>;
}

/** A session that failed or stalled gets this long to leave, then the next one begins. */
const CLOSE_LIMIT_MS = 5_000;

/** A consumer that starts at once and outlives handler errors, broker restarts and missing topics. */
export function createEventConsumer(options: EventConsumerOptions): EventConsumer {
  const { kafka, groupId, topics, log, missingTopicsMs = 60_000 } = options;
  const firstJoin = deferred<void>();
  // Whoever doesn't wait for the join hears of its failure by onDead.
  firstJoin.promise.catch(() => undefined);
  const stopping = new AbortController();
  const handleBackOff = createBackOff({ firstMs: 200, longestMs: 30_000 });
  const restartBackOff = createBackOff({ firstMs: 200, longestMs: 10_000 });
  let phase: Exclude<ConsumerState['phase'], 'joining'> = 'starting';
  let session: ConsumerSession | undefined;
  let missingTopics: readonly string[] = [];
  let lastFetchAt: number | undefined;
  let handleErrors = 0;
  let restarts = 0;
  let stopLimitMs = CLOSE_LIMIT_MS;
  let leftCleanly = true;

  const finished = supervise();

  async function supervise(): Promise<void> {
    while (!stopping.signal.aborted && phase !== 'dead') {
      try {
        await lookForTopics();
        if (missingTopics.length < topics.length) await runSession();
        else await noTopics();
      } catch (error) {
        await restartAfter(error);
      }
    }
    if (phase !== 'dead') phase = 'stopped';
    firstJoin.reject(new Error(`The consumer of ${groupId} ended before it joined its group; see its log`));
  }

  async function lookForTopics(): Promise<void> {
    const existing = await withAdmin(kafka, (admin) => existingTopics(admin, topics));
    missingTopics = topics.filter((topic) => !existing.has(topic));
  }

  async function noTopics(): Promise<void> {
    phase = 'no_topics';
    if (!stopping.signal.aborted) firstJoin.resolve();
    log('warn', 'Consumer', `None of the topics of ${groupId} exist (${topics.join(', ')}); create them`);
    await pause(missingTopicsMs);
  }

  async function runSession(): Promise<void> {
    if (missingTopics.length > 0) log('warn', 'Consumer', `Topics are missing: ${missingTopics.join(', ')}`);
    const opened = openSession(sessionOptions());
    session = opened;
    phase = 'running';
    const topicLooks = setInterval(() => void closeWhenTopicsAppear(opened), missingTopicsMs);
    const stop = () => void opened.close(stopLimitMs);
    stopping.signal.addEventListener('abort', stop);
    if (stopping.signal.aborted) stop();
    const end = await opened.ended;
    stopping.signal.removeEventListener('abort', stop);
    clearInterval(topicLooks);
    lastFetchAt = opened.lastFetchAt() ?? lastFetchAt;
    leftCleanly = await opened.close(stopping.signal.aborted ? stopLimitMs : CLOSE_LIMIT_MS);
    session = undefined;
    await afterSession(end);
  }

  async function afterSession(end: SessionEnd): Promise<void> {
    if (stopping.signal.aborted || end.kind === 'closed') return;
    if (end.kind === 'failed' && !end.retriable) {
      phase = 'dead';
      log('error', 'Consumer', `The consumer of ${groupId} can't go on: ${end.error.message}`);
      // On its own, so that a throw ends the process instead of being taken for one more failure here.
      queueMicrotask(() => options.onDead(end.error));
      return;
    }
    await restartAfter(
      end.kind === 'failed' ? end.error : new Error('no fetch and no heartbeat came through'),
    );
  }

  async function restartAfter(error: unknown): Promise<void> {
    if (stopping.signal.aborted) return;
    phase = 'restarting';
    restarts += 1;
    const ms = restartBackOff.failed(groupId);
    log('warn', 'Consumer', `The consumer of ${groupId} starts again in ${ms} ms: ${String(error)}`);
    await pause(ms);
  }

  async function closeWhenTopicsAppear(current: ConsumerSession): Promise<void> {
    if (missingTopics.length === 0) return;
    try {
      const appeared = await withAdmin(kafka, (admin) => existingTopics(admin, missingTopics));
      if (appeared.size > 0) await current.close(CLOSE_LIMIT_MS);
    } catch (error) {
      log('warn', 'Consumer', `Can't look for missing topics, trying again later: ${String(error)}`);
    }
  }

  function sessionOptions() {
    return {
      kafka,
      groupId,
      topics: topics.filter((topic) => !missingTopics.includes(topic)),
      handle: options.handle,
      log,
      backOff: handleBackOff,
      maxRecords: options.maxRecords ?? 500,
      sessionTimeoutMs: options.sessionTimeoutMs ?? 6_000,
      partitionsConcurrently: options.partitionsConcurrently ?? 6,
      stallMs: options.stallMs ?? 30_000,
      onHandleError: countHandleError,
      onJoined: () => {
        restartBackOff.succeeded(groupId);
        firstJoin.resolve();
      },
    };
  }

  function countHandleError(...[error, from]: Parameters<OnHandleError>): void {
    handleErrors += 1;
    try {
      options.onHandleError?.(error, from);
    } catch (thrown) {
      log('error', 'Consumer', `onHandleError threw itself: ${String(thrown)}`);
    }
  }

  async function pause(ms: number): Promise<void> {
    // Ends early at stop, which the loop looks at next.
    await sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  async function stop(limitMs: number): Promise<'left' | 'abandoned'> {
    stopLimitMs = limitMs;
    stopping.abort();
    // Where the broker doesn't answer, even looking for topics takes seconds.
    const expired = new AbortController();
    const limit = sleep(limitMs, false, { signal: expired.signal }).catch(() => false);
    const inTime = await Promise.race([finished.then(() => leftCleanly), limit]);
    expired.abort();
    return inTime ? 'left' : 'abandoned';
  }

  function state(): ConsumerState {
    const joined = session?.joined() ?? false;
    return {
      phase: phase === 'running' && !joined ? 'joining' : phase,
      joined,
      assigned: session?.assigned() ?? [],
      lastFetchAt: session?.lastFetchAt() ?? lastFetchAt,
      waiting: session?.waiting() ?? [],
      missingTopics,
      handleErrors,
      restarts,
    };
  }

  return { joined: firstJoin.promise, state, wake: () => session?.wake(), stop };
}
