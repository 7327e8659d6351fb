import { createWakeUp } from '../domain/wake-up.js';
import { type PublishOptions, publishOutbox } from './publish-outbox.js';

/** Whoever writes rows wakes its own relay; this finds what a dead instance or a command left. */
const POLL_MS = 1_000;
/** Between two rounds, so that a round has something to carry: a round costs the same for 1 row and for 100. */
const GATHER_MS = 20;
/**
 * The same where there is much to carry. Each round costs the broker a request for every partition: with 4 rounds
 * a second instead of 10 its work for an order fell from 1.2 to 0.7 ms (two runs).
 */
const GATHER_MANY_MS = 200;
const MANY = 50;
const FAULT_MS = 1_000;
/** A topic that nobody waits for is looked at no more often than this. */
const UNHURRIED_MS = 500;

export interface Relay {
  /** Something was put into the outbox. */
  wake(): void;
  /** Publishes what is there and ends, within about `limitMs`: what is left waits for the next instance. */
  stop(limitMs: number): Promise<void>;
}

export interface RelayOptions extends PublishOptions {
  /** Published as soon as something is there. */
  readonly topics: readonly string[];
  readonly unhurriedTopics: readonly string[];
  /** Something keeps statuses from being published (why), or no longer does (null). */
  readonly onDegraded: (why: string | null) => void;
}

interface Round {
  readonly fault: string | null;
  readonly busy: boolean;
  readonly published: number;
  /** There is more than one round carries. */
  readonly more: boolean;
}

/** Brings the outbox to the bus, topic by topic: one that is missing doesn't hold up the others. */
export function startRelay(options: RelayOptions): Relay {
  const wakeUp = createWakeUp();
  /** Cut short only by the end. */
  const gathering = createWakeUp();
  let running = true;
  let unhurriedAt = 0;
  let busyMs = GATHER_MS;
  /** By topic: a round that does not come to look at it, since another instance is at it, says nothing of it. */
  const faults = new Map<string, string>();

  const round = async (topics: readonly string[]): Promise<Round> => {
    let fault: string | null = null;
    let busy = false;
    let more = false;
    let published = 0;
    for (const topic of topics) {
      try {
        const result = await publishOutbox(topic, options);
        if (result.kind === 'busy') busy = true;
        else {
          more ||= result.more;
          published += result.published;
          fault ??= result.fault;
          if (result.fault === null) faults.delete(topic);
          else faults.set(topic, result.fault);
        }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        fault ??= why;
        faults.set(topic, why);
        options.log.warn('the outbox can not be published', { topic }, error);
      }
    }
    options.onDegraded([...faults.values()][0] ?? null);
    return { fault, busy, more, published };
  };

  const dueTopics = (): readonly string[] => {
    const now = performance.now();
    if (now < unhurriedAt) return options.topics;
    unhurriedAt = now + UNHURRIED_MS;
    return [...options.topics, ...options.unhurriedTopics];
  };

  /** How long to leave the outbox alone; a wake cuts short only what comes after the gathering. */
  const pauseAfter = ({ fault, busy, more }: Round): number => {
    if (more) return 0;
    if (fault !== null) return FAULT_MS;
    // Another instance publishes, ours too; but it may have looked before our rows were there.
    busyMs = busy ? Math.min(busyMs * 2, POLL_MS) : GATHER_MS;
    return busy ? busyMs : POLL_MS;
  };

  const loop = async () => {
    while (running) {
      const last = await round(dueTopics());
      const pause = pauseAfter(last);
      if (pause === 0) continue;
      await gathering.sleep(last.published >= MANY ? GATHER_MANY_MS : GATHER_MS);
      if (running) await wakeUp.sleep(pause);
    }
  };
  const looping = loop();

  const drain = async (limitMs: number) => {
    const end = performance.now() + limitMs;
    let left = await round([...options.topics, ...options.unhurriedTopics]);
    while (left.more && performance.now() < end) left = await round(options.topics);
  };

  return {
    wake: wakeUp.wake,
    async stop(limitMs) {
      running = false;
      gathering.wake();
      wakeUp.wake();
      await looping;
      await drain(limitMs);
    },
  };
}
