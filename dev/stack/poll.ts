import { setTimeout as delay } from 'node:timers/promises';

/** Asks again every `everyMs` until the answer is true. False when `deadlineMs` have passed. */
export async function poll(
  check: () => Promise<boolean>,
  deadlineMs: number,
  everyMs = 50,
): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  while (performance.now() < end) {
    if (await check()) return true;
    await delay(everyMs);
  }
  return false;
}
