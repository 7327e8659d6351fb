import type { Log } from '../observability/log.js';

/** What is told its limit keeps this share of its time back, to end what the limit cut short. */
const TOLD_SHARE = 0.8;

export interface StoppingPart {
  readonly name: string;
  /** The share of the whole limit that has passed when it must have ended: from 0 to 1, rising. */
  readonly until: number;
  readonly stop: (limitMs: number) => Promise<unknown>;
  /** What becomes of what it leaves behind if it is late. */
  readonly otherwise: string;
}

/**
 * Stops one part after another. Time that one doesn't need is left to those that follow; one that is late,
 * or fails, is left behind and told of, so that all have had their turn when `limitMs` have passed.
 * @returns the names of those that did not end as they should
 */
export async function stopInOrder(
  parts: readonly StoppingPart[],
  limitMs: number,
  log: Log,
): Promise<readonly string[]> {
  const started = performance.now();
  const late: string[] = [];
  for (const { name, until, stop, otherwise } of parts) {
    const allowedMs = Math.max(0, started + until * limitMs - performance.now());
    try {
      if (await endsWithin(allowedMs, stop(allowedMs * TOLD_SHARE))) continue;
      log.error('a part did not stop in time', { part: name, otherwise });
    } catch (error) {
      log.error('a part could not be stopped', { part: name, otherwise }, error);
    }
    late.push(name);
  }
  return late;
}

async function endsWithin(ms: number, stopped: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([stopped.then(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}
