/** So many questions in a row without an answer, and it is given up. */
const MOST_UNANSWERED = 6;

export interface ThreadPulse {
  stop(): void;
}

/**
 * Asks a thread again and again whether it is alive. Counted in questions, not in time: when a whole process stands still
 * and goes on, both sides of it are late. And from the first answer on: how long it takes to load is not judged here.
 * @param ask resolves with its answer; what rejects is told elsewhere
 */
export function watchPulse(
  everyMs: number,
  ask: () => Promise<unknown>,
  onDead: (why: string) => void,
): ThreadPulse {
  let unanswered: number | null = null;
  const asking = setInterval(() => {
    if (unanswered === MOST_UNANSWERED) {
      clearInterval(asking);
      return onDead(`has not answered for ${(everyMs * MOST_UNANSWERED) / 1000} s`);
    }
    if (unanswered !== null) unanswered += 1;
    ask().then(
      () => {
        unanswered = 0;
      },
      () => undefined,
    );
  }, everyMs);
  asking.unref();
  return { stop: () => clearInterval(asking) };
}
