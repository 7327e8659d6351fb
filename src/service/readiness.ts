import { setTimeout as sleep } from 'node:timers/promises';
import type { Readiness } from '../http/probes.js';
import type { Degradations } from '../observability/degradations.js';
import type { Database } from '../store/database.js';
import type { Flows } from './start-flows.js';

/** Well within the 900 ms after which a probe is told nothing but that it took too long. */
const PING_LIMIT_MS = 600;
/** After so long without an answer the connection is taken for dead, and the next probe asks over another. */
const GIVE_UP_MS = 2_000;

export interface ReadinessOptions {
  readonly database: Pick<Database, 'ping'>;
  readonly degradations: Degradations;
  readonly migrated: () => boolean;
  readonly flows: () => Pick<Flows, 'hasJoined'> | null;
  /** Aborted when the service is to end: nothing is sent its way any more. */
  readonly stopping: AbortSignal;
}

/** Ready: database, migrations, first join. What else is wrong is told, and takes nothing down. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  let asking: Promise<boolean> | null = null;

  /** One question at a time: probes that go on asking must not take up the pool. */
  const ask = (): Promise<boolean> => {
    asking ??= options.database
      .ping({ timeoutMs: GIVE_UP_MS })
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asking = null;
      });
    return asking;
  };
  const answers = () => Promise.race([sleep(PING_LIMIT_MS, false, { ref: false }), ask()]);

  return async () => {
    const parts = {
      database: await answers(),
      migrations: options.migrated(),
      firstJoin: options.flows()?.hasJoined() ?? false,
    };
    const ready = Object.values(parts).every(Boolean) && !options.stopping.aborted;
    return { ready, parts, degraded: options.degradations.list() };
  };
}
