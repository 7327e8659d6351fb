import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import type { BusLog } from './bus-log.js';
import { lag, type TopicLag } from './lag.js';

export interface TopicGateOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly log: BusLog;
  /** How often the committed offsets are looked at while someone waits. */
  readonly pollMs?: number;
}

export interface TopicGateState {
  readonly open: boolean;
  /** Records the group still has to read; 0 when open. */
  readonly remaining: bigint;
  readonly missingTopics: readonly string[];
}

export interface TopicGate {
  /** Looks once. The first look captures the ends; an empty or missing topic is reached at once. */
  look(): Promise<TopicGateState>;
  /** Resolved once the group has committed up to the captured ends; rejected when `signal` aborts. */
  opened(signal?: AbortSignal): Promise<TopicGateState>;
}

/** Says when a group has read topics to the ends they had at the first look. */
export function createTopicGate({ kafka, groupId, topics, log, pollMs = 500 }: TopicGateOptions): TopicGate {
  let ends: Ends | undefined;

  async function look(): Promise<TopicGateState> {
    const now = await lag(kafka, groupId, topics);
    ends ??= endsOf(now);
    const remaining = remainingUpTo(ends, now);
    const missingTopics = now.filter(({ missing }) => missing).map(({ topic }) => topic);
    return { open: remaining === 0n, remaining, missingTopics };
  }

  async function lookOrLog(): Promise<TopicGateState | undefined> {
    try {
      return await look();
    } catch (error) {
      log(
        'warn',
        'TopicGate',
        `Can't see how far ${groupId} has read, looking again in ${pollMs} ms: ${String(error)}`,
      );
      return undefined;
    }
  }

  async function opened(signal?: AbortSignal): Promise<TopicGateState> {
    for (;;) {
      signal?.throwIfAborted();
      const state = await lookOrLog();
      if (state?.open) return state;
      await sleep(pollMs, undefined, signal === undefined ? {} : { signal });
    }
  }

  return { look, opened };
}

type Ends = ReadonlyMap<string, bigint>;

const keyOf = (topic: string, partition: number) => `${topic}/${partition}`;

function endsOf(lags: readonly TopicLag[]): Ends {
  return new Map(
    lags.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, end }): [string, bigint] => [keyOf(topic, partition), end]),
    ),
  );
}

function remainingUpTo(ends: Ends, lags: readonly TopicLag[]): bigint {
  let remaining = 0n;
  for (const { topic, partitions } of lags) {
    for (const { partition, end, lag: behind } of partitions) {
      const captured = ends.get(keyOf(topic, partition)) ?? 0n;
      const next = end - behind;
      if (captured > next) remaining += captured - next;
    }
  }
  return remaining;
}
