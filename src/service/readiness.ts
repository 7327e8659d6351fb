import { setTimeout as sleep } from 'node:timers/promises';
import type { Readiness } from '../http/probes.js';
import type { Degradations } from '../observability/degradations.js';
import type { Database } from '../store/database.js';
import type { Flows } from './start-flows.js';

/** A probe that asks the database must not wait for its time-outs. */
const PING_LIMIT_MS = 2_000;

export interface ReadinessOptions {
  readonly database: Pick<Database, 'ping'>;
  readonly degradations: Degradations;
  readonly migrated: () => boolean;
  readonly flows: () => Flows | null;
  /** Aborted when the service is to end: nothing is sent its way any more. */
  readonly stopping: AbortSignal;
}

/** Ready: database, migrations, first join. What else is wrong is told, and takes nothing down. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  let missing: readonly string[] = [];

  const noteMissingTopics = () => {
    const now = options.flows()?.missingTopics() ?? [];
    for (const topic of missing) if (!now.includes(topic)) options.degradations.set(`topic ${topic}`, null);
    for (const topic of now) {
      options.degradations.set(`topic ${topic}`, 'does not exist: create it with "comms topics"');
    }
    missing = now;
  };

  const answers = (): Promise<boolean> =>
    Promise.race([
      sleep(PING_LIMIT_MS, false, { ref: false }),
      options.database.ping().then(
        () => true,
        () => false,
      ),
    ]);

  return async () => {
    noteMissingTopics();
    const parts = {
      database: await answers(),
      migrations: options.migrated(),
      firstJoin: options.flows()?.hasJoined() ?? false,
    };
    const ready = Object.values(parts).every(Boolean) && !options.stopping.aborted;
    return { ready, parts, degraded: options.degradations.list() };
  };
}
