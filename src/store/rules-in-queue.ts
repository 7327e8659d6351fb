import { z } from 'zod';
import type { Statements } from './database.js';

const rule = z.object({ rule: z.string() });

/** Rules that something is kept of, those that were taken out of consumers/ since then too. */
export async function rulesInQueue(db: Statements): Promise<string[]> {
  const rows = await db.rows('SELECT DISTINCT rule FROM communications_delivery ORDER BY rule', [], rule);
  return rows.map((row) => row.rule);
}
