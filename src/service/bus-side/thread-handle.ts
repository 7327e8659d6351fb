import { type Deferred, deferred } from '../../domain/deferred.js';
import type { Counted } from '../../observability/metrics.js';
import type { BusSide, BusSideStart, BusSideTells } from './bus-side.js';
import type { FromThread, Question, ToThread } from './thread-messages.js';
import { watchPulse } from './thread-pulse.js';

export const LOOK_MS = 5_000;
/** How it is called in the log. */
const THREAD = 'the thread that reads from Kafka';
/** How long a thread that has closed everything may take to end. */
const ENDING_MS = 500;

/** What is needed of a worker of Node's. */
export interface OpenThread {
  on(event: 'message', listener: (message: FromThread) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  postMessage(message: ToThread): void;
  terminate(): Promise<number>;
}

/**
 * Starts the bus side in a thread that is open, and is what the rest of the process sees of it.
 * @param endedBefore it has ended already
 */
export function threadHandle(
  thread: OpenThread,
  endedBefore: boolean,
  start: BusSideStart,
  tells: BusSideTells,
  lookMs: number,
): BusSide {
  const waiting = new Map<number, Deferred<Counted>>();
  const joined = deferred<void>();
  // Told as dead; whoever waits for it hears it here too.
  joined.promise.catch(() => undefined);
  const ended = deferred<void>();
  let asked = 0;
  let gone: Error | null = null;
  let closed = false;

  const tell = (message: ToThread) => thread.postMessage(message);

  const ask = (question: Question): Promise<Counted> => {
    if (gone !== null) return Promise.reject(gone);
    const answer = deferred<Counted>();
    asked += 1;
    waiting.set(asked, answer);
    tell({ kind: 'ask', id: asked, question });
    return answer.promise;
  };

  const answered = (id: number): Deferred<Counted> | undefined => {
    const answer = waiting.get(id);
    waiting.delete(id);
    return answer;
  };

  const end = (error: Error) => {
    if (gone !== null) return;
    gone = error;
    pulse.stop();
    joined.reject(error);
    for (const answer of waiting.values()) answer.reject(error);
    waiting.clear();
    if (!closed) tells.dead(error);
  };

  const pulse = watchPulse(
    lookMs,
    () => ask({ what: 'alive' }),
    (why) => end(new Error(`${THREAD} ${why}`)),
  );
  thread.on('message', (message: FromThread) => {
    switch (message.kind) {
      case 'joined':
        return joined.resolve();
      case 'queued':
        return tells.queued(message.queues);
      case 'profilesChanged':
        return tells.profilesChanged();
      case 'degraded':
        return tells.degraded(message.part, message.why, message.forMs);
      case 'dead': {
        const error = new Error(message.why);
        joined.reject(error);
        return tells.dead(error);
      }
      case 'answer':
        return answered(message.id)?.resolve(message.counted);
      case 'failed':
        return answered(message.id)?.reject(new Error(message.why));
    }
  });
  // Its text may quote anything: the thread has logged what may be told of it.
  thread.on('error', () => end(new Error(`${THREAD} has ended by an error, see above`)));
  thread.on('exit', (code) => {
    end(new Error(`${THREAD} has ended (${code})`));
    ended.resolve();
  });

  if (endedBefore) {
    ended.resolve();
    // Whoever starts it has yet to get hold of it.
    queueMicrotask(() => end(new Error(`${THREAD} has ended before it was started, see above`)));
  } else tell({ kind: 'start', start });

  return {
    joined: joined.promise,
    wakeRelay: () => tell({ kind: 'wakeRelay' }),
    knowTemplates: (known) => tell({ kind: 'templates', known }),
    async stopReading(limitMs) {
      await ask({ what: 'stopReading', limitMs });
    },
    async stopPublishing(limitMs) {
      await ask({ what: 'stopPublishing', limitMs });
    },
    async close() {
      closed = true;
      pulse.stop();
      if (gone === null) await ask({ what: 'close' });
      const late = setTimeout(() => void thread.terminate(), ENDING_MS);
      await ended.promise;
      clearTimeout(late);
    },
    counted: () => ask({ what: 'counted' }),
  };
}
