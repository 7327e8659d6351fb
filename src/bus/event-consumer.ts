import type { Kafka } from 'kafkajs';
import type { BusLog } from './bus-log.js';
import type { BusRecord } from './record.js';

/** What became of a chunk: safe in the store, or to be read again after `ms` (or on `wake()`). */
export type BatchResult =
  | { readonly kind: 'stored' }
  | { readonly kind: 'wait'; readonly why: string; readonly ms: number };

export interface PartitionInfo {
  readonly topic: string;
  readonly partition: number;
  /** The end of the partition when the records were fetched: the offset after its last record. */
  readonly highWatermark: bigint;
}

/** Gets records of one partition in offset order, at least once. May throw: that is a wait with a growing back-off. */
export type HandleBatch = (records: readonly BusRecord[], from: PartitionInfo) => Promise<BatchResult>;

export interface EventConsumerOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly handle: HandleBatch;
  readonly log: BusLog;
  /** Called once, when the consumer can't go on; the process is to fail its liveness and exit. */
  readonly onDead: (error: Error) => void;
  /** Called for each throw of `handle`. */
  readonly onHandleError?: (error: unknown, from: PartitionInfo) => void;
  readonly maxRecords?: number;
  readonly sessionTimeoutMs?: number;
  readonly partitionsConcurrently?: number;
  /** How often topics that don't exist are looked for. */
  readonly missingTopicsMs?: number;
  /** Without a fetch or heartbeat for so long the client is replaced. */
  readonly stallMs?: number;
}

export interface WaitingPartition {
  readonly topic: string;
  readonly partition: number;
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly until: number;
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
  /** Resolved at the first join; rejected if the consumer dies or is stopped before. */
  readonly joined: Promise<void>;
  state(): ConsumerState;
  /** Reads every waiting partition again now. */
  wake(): void;
  /** Finishes the running chunks, commits and leaves the group; gives up waiting after `limitMs`. */
  stop(limitMs: number): Promise<'left' | 'abandoned'>;
}

/** A consumer that starts at once and outlives handler errors, broker restarts and missing topics. */
export function createEventConsumer(_options: EventConsumerOptions): EventConsumer {
  throw new Error('createEventConsumer is not built yet');
}
