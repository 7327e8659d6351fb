import { uuidv7 } from '../domain/uuid.js';
import type { Log } from '../observability/log.js';
import type { WorkerClaim } from '../store/claim-deliveries.js';
import type { Database } from '../store/database.js';
import type { PausedProvider } from '../store/provider-pauses.js';
import { BEAT_LIMIT_MS, beat, registerWorker, removeWorker } from '../store/worker.js';

const BEAT_EVERY_MS = 2_000;
/** Well before others take it for dead at 8 s, so that it has let go of its sockets by then. */
const STALE_AFTER_MS = 5_000;

export interface Worker {
  /** Under which claims are made, or null while the worker must not start anything. */
  claim(): WorkerClaim | null;
  /** Milliseconds since the database last heard of it; null before the first time. */
  beatAgeMs(): number | null;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly database: Database;
  readonly instance: string;
  /** Most claims it holds at once. */
  readonly connections: number;
  /** What it can not send by for now: told with each beat. */
  readonly pauses: () => readonly PausedProvider[];
  readonly log: Log;
  /** Called when the beat was missed for 5 s: what is on the wire must end now. */
  readonly onStale: () => void;
  readonly onBeat: () => void;
}

/**
 * Enters this process among the workers and keeps it alive there. A worker that was declared dead comes
 * back under the next epoch; what it had claimed under the old one is no longer its own.
 */
export function createWorker({
  database,
  instance,
  connections,
  pauses,
  log,
  onStale,
  onBeat,
}: WorkerOptions): Worker {
  const workerId = uuidv7();
  let epoch = 0;
  let registered = false;
  let lastBeat: number | null = null;
  let stale = false;
  let stopped = false;

  const age = () => (lastBeat === null ? null : performance.now() - lastBeat);

  const beatOnce = async () => {
    // Measured from before the statement: the database's own stamp can only be later.
    const asked = performance.now();
    if (!registered || !(await beat(database, { workerId, epoch }, pauses()))) {
      if (registered) log.warn('this worker was declared dead; it goes on under a new epoch', { epoch });
      registered = false;
      epoch += 1;
      await registerWorker(database, { workerId, epoch }, instance, connections);
      registered = true;
    }
    lastBeat = asked;
    stale = false;
    onBeat();
  };

  const beatUntilAnswered = async (): Promise<void> => {
    const asked = performance.now();
    try {
      await beatOnce();
    } catch (error) {
      // The connection that died in silence is gone now; the next one may live.
      if (stopped || performance.now() - asked < BEAT_LIMIT_MS) throw error;
      log.warn('a beat got no answer and is repeated', {}, error);
      await beatUntilAnswered();
    }
  };

  const watch = () => {
    if (stale || lastBeat === null || performance.now() - lastBeat < STALE_AFTER_MS) return;
    stale = true;
    log.warn('no beat reached the database for 5 s: starting nothing new and dropping connections');
    onStale();
  };

  let beating: Promise<void> | null = null;
  const tick = () => {
    watch();
    if (beating !== null || stopped) return;
    beating = beatUntilAnswered()
      .catch((error: unknown) => log.warn('the worker could not reach the database', {}, error))
      .finally(() => {
        beating = null;
      });
  };
  tick();
  const beats = setInterval(tick, BEAT_EVERY_MS);
  const watching = setInterval(watch, BEAT_EVERY_MS / 4);

  return {
    claim() {
      const since = age();
      if (stopped || !registered || stale || since === null || since > STALE_AFTER_MS) return null;
      return { workerId, epoch };
    },
    beatAgeMs: age,
    async stop() {
      stopped = true;
      clearInterval(beats);
      clearInterval(watching);
      await beating;
      if (!registered) return;
      await removeWorker(database, { workerId, epoch }).catch((error: unknown) =>
        log.warn('the worker could not sign off; others take over after 8 s', {}, error),
      );
    },
  };
}
