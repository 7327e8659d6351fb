import { z } from 'zod';
import type { Statements } from './database.js';

export interface ServerClock {
  /** The server's clock minus ours, in milliseconds. */
  readonly aheadMs: number;
  /** How far off that may be: half the round trip. */
  readonly withinMs: number;
  /** E.g. `18.4`. */
  readonly version: string;
}

export async function serverClock(db: Statements): Promise<ServerClock> {
  // Else connecting is counted into the round trip.
  await db.run('SELECT 1');
  const before = Date.now();
  const [row] = await db.rows(
    `SELECT clock_timestamp() AS now, current_setting('server_version') AS version`,
    [],
    z.object({ now: z.date(), version: z.string() }),
  );
  const after = Date.now();
  if (row === undefined) throw new Error('the database did not tell its time');
  return {
    aheadMs: row.now.getTime() - (before + after) / 2,
    withinMs: (after - before) / 2,
    version: row.version,
  };
}
