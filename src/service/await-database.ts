import { setTimeout as sleep } from 'node:timers/promises';
import type { Degradations } from '../observability/degradations.js';
import { migrationStatus } from '../store/migrations.js';

const LOOK_AGAIN_MS = 1_000;

export interface DatabaseState {
  readonly database: boolean;
  readonly migrations: boolean;
}

/** Waits until the database answers and has every table this program needs. */
export async function awaitDatabase(
  databaseUrl: string,
  degradations: Degradations,
  onState: (state: DatabaseState) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const state = await look(databaseUrl, degradations);
    onState(state);
    if (state.migrations) return;
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
  }
}

async function look(databaseUrl: string, degradations: Degradations): Promise<DatabaseState> {
  try {
    const { pending } = await migrationStatus(databaseUrl);
    degradations.set('database', null);
    const behind = pending.length > 0;
    degradations.set('migrations', behind ? `${pending.join(', ')} pending: run "comms migrate"` : null);
    return { database: true, migrations: !behind };
  } catch (error) {
    degradations.set('database', error instanceof Error ? error.message : String(error));
    return { database: false, migrations: false };
  }
}
