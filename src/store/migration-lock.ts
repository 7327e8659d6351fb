import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { SetupError } from '../domain/setup-error.js';

/** Any number will do that no other program uses on this database. */
const LOCK = 7_264_183_001;
const POLL_MS = 100;

/**
 * Waits until no other instance migrates. The lock is the session's: it goes with the connection, however that
 * ends. Polled, because a session that waits inside a statement holds a snapshot, and the one that has the lock
 * may be building an index concurrently, which waits for all snapshots: each would wait for the other.
 * @throws Error when another instance still has it after `waitMs`.
 */
export async function takeMigrationLock(client: pg.Client, waitMs: number): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!(await tryLock(client))) {
    if (Date.now() >= deadline) {
      throw new SetupError(
        `another instance has been migrating for ${waitMs / 1000} s: ` +
          `see pg_stat_activity for application_name 'chesanto-communications-migrate'`,
      );
    }
    await delay(POLL_MS);
  }
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    LOCK,
  ]);
  return rows[0]?.locked === true;
}
