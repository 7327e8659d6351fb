import type { Worker } from 'node:worker_threads';
import { type Deferred, deferred } from '../../domain/deferred.js';
import type { Counted } from '../../observability/metrics.js';
import type { BusSide, BusSideStart, BusSideTells } from './bus-side.js';
import type { FromThread, Question, ToThread } from './thread-messages.js';
import { watchPulse } from './thread-pulse.js';

export const LOOK_MS = 5_000;
/** How long a thread that has closed everything may take to end. */
const ENDING_MS = 500;

/**
 * Starts the bus side in a thread that is open, and is what the rest of the process sees of it.
 * @param broken why the thread has ended already; null: it has not
 */
export function threadHandle(
  thread: Worker,
  broken: Error | null,
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
    (why) => end(new Error(`the thread that reads from Kafka ${why}`)),
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
      case 'dead':
        joined.reject(message.error);
        return tells.dead(message.error);
      case 'answer':
        return answered(message.id)?.resolve(message.counted);
      case 'failed':
        return answered(message.id)?.reject(message.error);
    }
  });
  thread.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  thread.on('exit', (code) => {
    end(new Error(`the thread that reads from Kafka has ended (${code})`));
    ended.resolve();
  });

  if (broken === null) tell({ kind: 'start', start });
  else {
    ended.resolve();
    // Whoever starts it has yet to hear of it.
    queueMicrotask(() => end(broken));
  }

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
