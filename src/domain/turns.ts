/**
 * Lets long work on many things share the event loop with what people wait for. Alone, such work goes on for a while before
 * sockets are read and timers run; where there are several, each does one thing in its turn, and between two turns the
 * others are served.
 */
export interface Turns {
  /** Null: go on. Else to be waited for before the next thing. */
  next(): Promise<void> | null;
}

/** @param aloneMs how long one goes on that is alone */
export function createTurns(aloneMs: number): Turns {
  const waiting: (() => void)[] = [];
  let endsAt = 0;
  let scheduled = false;

  const begin = () => {
    scheduled = false;
    const resume = waiting.shift();
    if (resume === undefined) return;
    endsAt = performance.now() + aloneMs;
    if (waiting.length > 0) schedule();
    resume();
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(begin);
  };

  return {
    next() {
      if (waiting.length === 0 && performance.now() < endsAt) return null;
      return new Promise((resolve) => {
        waiting.push(resolve);
        schedule();
      });
    },
  };
}
