import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from './ledger.js';
import { findTraces, type TracesOptions } from './traces.js';

const LOOK_EVERY_MS = 60;

export interface Watch {
  /** Rejects when it can't go on. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Tells the ledger what the database holds, over and over. */
export function watchTraces(options: TracesOptions, ledger: Ledger): Watch {
  let running = true;
  const looking = (async () => {
    while (running) {
      ledger.traces(await findTraces(options, ledger.unseen()));
      await delay(LOOK_EVERY_MS);
    }
  })();
  const failed = looking.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  return {
    failed,
    async stop() {
      running = false;
      await looking.catch(() => {});
    },
  };
}
