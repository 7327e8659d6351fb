/** So many questions in a row without an answer, and it is given up. */
const MOST_UNANSWERED = 6;
/** Before its first answer: it has rules and templates to load, on a machine that may be busy. */
const MOST_WHILE_LOADING = 24;

export interface ThreadPulse {
  stop(): void;
}

/**
 * Asks a thread again and again whether it is alive. Counted in questions, not in time: when a whole process stands still
 * and goes on, both sides of it are late.
 * @param ask resolves with its answer; what rejects is told elsewhere
 */
export function watchPulse(
  everyMs: number,
  ask: () => Promise<unknown>,
  onDead: (why: string) => void,
): ThreadPulse {
  let unanswered = 0;
  let most = MOST_WHILE_LOADING;
  const asking = setInterval(() => {
    if (unanswered >= most) {
      clearInterval(asking);
      return onDead(`has not answered for ${(everyMs * most) / 1000} s`);
    }
    unanswered += 1;
    ask().then(
      () => {
        unanswered = 0;
        most = MOST_UNANSWERED;
      },
      () => undefined,
    );
  }, everyMs);
  asking.unref();
  return { stop: () => clearInterval(asking) };
}
