import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** Default 30 s: machines are busy, and what comes true in time costs nothing. */
  readonly timeoutMs?: number;
  /** Named in the error, e.g. `the status SENT`. */
  readonly what: string;
  /** Default 20 ms. */
  readonly everyMs?: number;
}

/**
 * Asks again until the answer is neither false, null nor undefined, and returns it.
 * @throws Error that names what was awaited, and the last answer or error, when `timeoutMs` have passed
 */
export async function waitFor<T>(
  condition: () => T | false | null | undefined | Promise<T | false | null | undefined>,
  { timeoutMs = 30_000, what, everyMs = 20 }: WaitOptions,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: string;
  do {
    try {
      const answer = await condition();
      if (answer !== false && answer !== null && answer !== undefined) return answer;
      last = `the last answer was ${String(answer)}`;
    } catch (error) {
      last = `the last try failed: ${error instanceof Error ? error.message : String(error)}`;
    }
    await delay(everyMs);
  } while (performance.now() < end);
  throw new Error(`Waited ${timeoutMs} ms in vain for ${what}; ${last}.`);
}
