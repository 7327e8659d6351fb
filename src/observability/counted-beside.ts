import type { Gauge } from 'prom-client';
import { atMost } from './at-most.js';
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
    let inTime = false;
    const keep = (counted: Counted) => {
      last = counted;
      inTime = true;
    };
    // What fails is told by the gauge.
    await atMost(
      timeLimitMs,
      ask().then(keep, () => undefined),
    );
    failed.set({ source: 'bus' }, inTime ? 0 : 1);
    return last;
  };
}
