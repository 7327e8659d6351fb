import type { Gauge } from 'prom-client';
import type { Counted } from './metrics.js';

/**
 * Asks what another part of this process counts. One that is late is told as it was before: without it sums would fall,
 * which to `rate` is a restart.
 * @param failed by source: 1 while it does not answer in time
 */
export function countedBeside(
  ask: (() => Promise<Counted>) | undefined,
  failed: Gauge<'source'>,
  timeLimitMs: number,
): () => Promise<Counted> {
  let last: Counted = [];
  return async () => {
    if (ask === undefined) return last;
    const now = await withinMs(timeLimitMs, ask());
    failed.set({ source: 'bus' }, now === null ? 1 : 0);
    last = now ?? last;
    return last;
  };
}

/** @returns null if it failed or takes longer */
async function withinMs<Value>(ms: number, asked: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([asked.catch(() => null), limit]);
  } finally {
    clearTimeout(timer);
  }
}
