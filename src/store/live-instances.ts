import { z } from 'zod';
import type { Statements } from './database.js';
import { DEAD_AFTER_MS } from './worker.js';

const there = z.object({ there: z.boolean() });
const instance = z.object({ instance: z.string() });

/** Who works on this database now, whichever step it stands at. */
export async function liveInstances(db: Statements): Promise<string[]> {
  const [table] = await db.rows(
    `SELECT to_regclass('communications_worker') IS NOT NULL AS there`,
    [],
    there,
  );
  if (table?.there !== true) return [];
  const rows = await db.rows(
    `SELECT instance FROM communications_worker
      WHERE dead_at IS NULL AND beat_at >= now() - $1 * interval '1 millisecond' ORDER BY instance`,
    [DEAD_AFTER_MS],
    instance,
  );
  return rows.map((row) => row.instance);
}
