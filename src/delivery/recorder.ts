import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { applyTransitions, type Transition } from '../store/apply-transitions.js';
import type { Database } from '../store/database.js';
import { databaseFailure } from '../store/database-failure.js';
import { untilAvailable } from '../store/until-available.js';

export interface Recorder {
  /** Resolves when it is recorded (true), or when somebody else has the row by now (false). */
  record(transition: Transition): Promise<boolean>;
}

interface Waiting {
  readonly transition: Transition;
  readonly done: (recorded: boolean) => void;
}

/**
 * Records results in the batches in which they come in while the last one is being written. A database
 * that is away is waited for: until then its claims are held, so nothing new starts on these connections.
 */
export function createRecorder(
  database: Database,
  metrics: Metrics,
  log: Log,
  onRecorded: () => void,
): Recorder {
  let waiting: Waiting[] = [];
  let running = false;

  const drain = async () => {
    running = true;
    // One turn of the event loop, so that what ended together is recorded together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const started = performance.now();
      const recorded = await persist(batch);
      metrics.stage('record', (performance.now() - started) / 1000);
      for (const { transition, done } of batch) done(recorded.has(transition.change.notificationId));
      onRecorded();
    }
    running = false;
  };

  const persist = async (batch: readonly Waiting[], stripped = false): Promise<Set<string>> => {
    const write = () =>
      applyTransitions(
        database,
        batch.map(({ transition }) => transition),
      );
    const waits = (error: unknown) =>
      log.warn('results wait to be recorded', { results: batch.length }, error);
    try {
      return await untilAvailable(write, waits);
    } catch (error) {
      if (databaseFailure(error) === 'data' && !stripped) return oneByOne(batch, error);
      log.error('results could not be recorded', { results: batch.length }, error);
      return new Set();
    }
  };

  /** Only what a provider wrote can be unstorable, so the culprit is recorded without it. */
  const oneByOne = async (batch: readonly Waiting[], error: unknown): Promise<Set<string>> => {
    if (batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      const first = await persist(batch.slice(0, half));
      for (const id of await persist(batch.slice(half))) first.add(id);
      return first;
    }
    log.error("a provider's answer can't be stored and is left out of the log", {}, error);
    return persist(
      batch.map(({ transition, done }) => ({ transition: withoutAnswer(transition), done })),
      true,
    );
  };

  return {
    record: (transition) =>
      new Promise((done) => {
        waiting.push({ transition, done });
        if (!running) void drain();
      }),
  };
}

function withoutAnswer(transition: Transition): Transition {
  return { ...transition, error: '', change: { ...transition.change, providerMessageId: null } };
}
