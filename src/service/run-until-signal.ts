import type { Log } from '../observability/log.js';
import type { Service } from './start-service.js';

/** Within the 30 s that orchestrators wait before they kill, with what comes after the draining. */
const DRAIN_LIMIT_MS = 20_000;
/** Whatever is wrong with us, we had better not go on for long. */
const FATAL_LIMIT_MS = 5_000;
const CLOSING_MS = 5_000;
export const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Resolves with the exit code once the process may end: the first signal drains within 20 s, the second ends
 * at once, and what can't be mended from inside ends within 5 s and with 1, so that somebody starts us again.
 */
export function runUntilSignal(service: Service, fatal: Promise<Error>, log: Log): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (code: number, limitMs: number) => {
      stopping = true;
      const limit = setTimeout(() => {
        log.error('stopping never ended: other instances take over what this one still holds');
        resolve(1);
      }, limitMs + CLOSING_MS);
      limit.unref();
      service.stop(limitMs).then(
        (late) => resolve(late.length > 0 ? 1 : code),
        (error: unknown) => {
          log.error('stopping failed', {}, error);
          resolve(1);
        },
      );
    };
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (stopping) process.exit(130);
        stop(0, DRAIN_LIMIT_MS);
      });
    }
    void fatal.then(() => stopping || stop(1, FATAL_LIMIT_MS));
  });
}
