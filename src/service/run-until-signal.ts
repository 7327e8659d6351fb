import type { Log } from '../observability/log.js';
import type { Service } from './start-service.js';

/** Below the 30 s that orchestrators wait before they kill. */
const DRAIN_LIMIT_MS = 20_000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Resolves with the exit code once the process may end: the first signal drains within 20 s, the second ends
 * at once, and what can't be mended from inside ends with 1 so that somebody starts us again.
 */
export function runUntilSignal(service: Service, fatal: Promise<Error>, log: Log): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (code: number) => {
      stopping = true;
      const limit = setTimeout(() => {
        log.error('draining took too long; what was under way will be found unconfirmed');
        resolve(1);
      }, DRAIN_LIMIT_MS + 5_000);
      limit.unref();
      service.stop(DRAIN_LIMIT_MS).then(
        () => resolve(code),
        (error: unknown) => {
          log.error('stopping failed', {}, error);
          resolve(1);
        },
      );
    };
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (stopping) process.exit(130);
        stop(0);
      });
    }
    void fatal.then(() => stopping || stop(1));
  });
}
