import type { Registry } from 'prom-client';
import type { Channel } from '../domain/channel.js';
import type { Priority } from '../domain/priority.js';
import type { DeadLetterReason, Reason } from '../domain/reason.js';
import type { Status } from '../domain/status.js';

/** What became of an event at intake. */
export type EventOutcome = 'accepted' | 'skipped' | 'parked' | 'duplicate' | 'profile' | 'dead_lettered';

/** The stations of an event, in order. */
export type Stage = 'decode' | 'store' | 'claim' | 'render' | 'send' | 'record' | 'publish';

/** What the service tells of itself in numbers. Nothing here takes an address or a free text. */
export interface Metrics {
  eventHandled(topic: string, outcome: EventOutcome, count?: number): void;
  statusRecorded(recorded: RecordedStatus): void;
  /** Seconds from the event's own time until a provider took the message. */
  acceptedAfter(message: Pick<RecordedStatus, 'priority' | 'template'>, seconds: number): void;
  /** A rule, or one of its recipients, gets no message. */
  skipped(reason: Reason): void;
  stage(stage: Stage, seconds: number): void;
  deadLettered(reason: DeadLetterReason, count?: number): void;
  providerPaused(provider: string, paused: boolean): void;
  /** How many messages the provider takes at once. */
  providerConnections(channel: Channel, provider: string, connections: number): void;
  /** A message is handed to the provider (1), or its outcome is known (-1). */
  sending(channel: Channel, provider: string, change: 1 | -1): void;
  /** The worker's beat reached the database just now. */
  workerBeat(): void;
  degraded(part: string, degraded: boolean): void;
  /** The Prometheus text format. Never rejects for a dead database; ends within the collectors' time limit. */
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** What is counted here, to be added to by others of the same process. */
  counted(): Promise<Counted>;
}

/** Plain values, so that a thread can hand them to another. */
export type Counted = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

export interface RecordedStatus {
  readonly channel: Channel;
  readonly priority: Priority;
  /** The log identifier, such as `auth_otp`. */
  readonly template: string;
  readonly status: Status;
  readonly reason: Reason | null;
  readonly provider: string | null;
}

/** What only the database knows; ages in seconds, 0 where there is nothing. */
export interface StoreSnapshot {
  readonly queue: Readonly<Record<Priority, { readonly depth: number; readonly oldestSeconds: number }>>;
  readonly outbox: { readonly depth: number; readonly oldestSeconds: number };
  readonly deadLettersOpen: number;
  readonly parked: number;
  readonly heldByBrake: number;
  readonly workersAlive: number;
  readonly oldestSnapshotSeconds: number;
  readonly pausedByPeople: number;
}

/** The connections to the database of one instance, as they are now. */
export interface PoolUse {
  readonly inUse: number;
  readonly idle: number;
  readonly waiting: number;
  readonly limit: number;
}

/** Asked when somebody scrapes; answers are kept for a while, and a slow or failing one leaves its gauges out. */
export interface Collectors {
  readonly store?: () => Promise<StoreSnapshot>;
  readonly pool?: () => PoolUse;
  /** Records not yet committed, by topic. */
  readonly lag?: () => Promise<Readonly<Record<string, number>>>;
}
