/**
 * Lets long work on many things share the event loop with what people wait for: after each slice sockets are read and
 * timers run, and of several such works one has a slice between two looks at them.
 */
export interface Turns {
  /** Null: go on. Else to be waited for before the next thing. */
  next(): Promise<void> | null;
}

/** @param sliceMs how long others wait at most, apart from the one thing under way */
export function createTurns(sliceMs: number): Turns {
  const waiting: (() => void)[] = [];
  let endsAt = 0;
  let scheduled = false;

  const begin = () => {
    scheduled = false;
    const resume = waiting.shift();
    if (resume === undefined) return;
    endsAt = performance.now() + sliceMs;
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
