import { atMost } from './at-most.js';

export interface CollectorLimits {
  /** How long an answer serves, so that many scrapers cost as much as one. */
  readonly maxAgeMs: number;
  /** How long one call waits; the answer may still arrive for the next. */
  readonly timeLimitMs: number;
}

// A read that never settles must not end the gauges for ever.
const ABANDON_AFTER_MS = 30_000;

/** A reading that is shared, kept for a while and waited for only so long; null: failed or too slow. */
export function cachedCollector<Value>(
  read: () => Promise<Value>,
  { maxAgeMs, timeLimitMs }: CollectorLimits,
): () => Promise<Value | null> {
  let kept: { readonly value: Value; readonly at: number } | null = null;
  let running: { readonly done: Promise<void>; readonly since: number } | null = null;

  const fresh = () => (kept !== null && performance.now() - kept.at < maxAgeMs ? kept.value : null);

  function start(): Promise<void> {
    if (running !== null && performance.now() - running.since < ABANDON_AFTER_MS) return running.done;
    const done = keep().finally(() => {
      if (running?.done === done) running = null;
    });
    running = { done, since: performance.now() };
    return done;
  }

  async function keep(): Promise<void> {
    try {
      kept = { value: await read(), at: performance.now() };
    } catch {
      // Told by the null: the caller's metric says that collecting failed, the part itself logs why.
      kept = null;
    }
  }

  return async () => {
    const value = fresh();
    if (value !== null) return value;
    await atMost(timeLimitMs, start());
    return fresh();
  };
}
