import type { Queue } from '../../domain/queue.js';
import type { Counted } from '../../observability/metrics.js';
import type { KnownTemplates } from '../template-states.js';
import type { Tuning } from '../tuning.js';

/** What reads from Kafka and writes to it: takes events in, and publishes what waits in the outbox. */
export interface BusSide {
  /** Every consumer has joined its group, or has no topic to join for yet. */
  readonly joined: Promise<void>;
  /** Something was put into the outbox. */
  wakeRelay(): void;
  /** They have been read again. */
  knowTemplates(known: KnownTemplates): void;
  /** Reads nothing more; resolves when what was read is stored. */
  stopReading(limitMs: number): Promise<void>;
  /** Publishes what is there, and ends. */
  stopPublishing(limitMs: number): Promise<void>;
  /** Closes what is open. */
  close(): Promise<void>;
  counted(): Promise<Counted>;
}

/** What others are told by it. */
export interface BusSideTells {
  /** There may be something to send in these. */
  queued(queues: ReadonlySet<Queue>): void;
  profilesChanged(): void;
  /** @param why null: it works again. @param forMs over when it has not been told again for so long; null: until it is told */
  degraded(part: string, why: string | null, forMs: number | null): void;
  /** Nothing but a restart helps. */
  dead(error: Error): void;
}

/** Plain values, so that a thread can be handed them. */
export interface BusSideStart {
  readonly tuning: Tuning;
  /** As they are now. */
  readonly knownTemplates: KnownTemplates;
}

export type StartBusSide = (start: BusSideStart, tells: BusSideTells) => BusSide;
