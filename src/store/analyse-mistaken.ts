import { z } from 'zod';
import type { Statements } from './database.js';

/**
 * Analyses what the planner takes for far smaller than it is. It multiplies the pages of a table by the rows that a page had
 * when it was last analysed: of a queue that was empty then, none, however full it is now, until autovacuum comes by, a
 * minute or two later. By then each claim may have read all of it.
 * @returns the tables that were analysed: none that another owns, which PostgreSQL would skip with a warning
 */
export async function analyseMistaken(db: Statements): Promise<string[]> {
  const mistaken = await db.rows(MISTAKEN, [TABLES, MANY], table, { name: 'mistaken-tables' });
  // Another instance is at it, or autovacuum: not twice.
  for (const name of mistaken) await db.run(`ANALYZE (SKIP_LOCKED) ${name}`);
  return mistaken;
}

/** Those that fill and empty. */
const TABLES = ['communications_delivery', 'communications_outbox', 'communications_parked'];
/** Fewer are soon read, whatever the plan. */
const MANY = 1_000;

const table = z.object({ name: z.string() }).transform(({ name }) => name);

// As many rows as estimate_rel_size() in PostgreSQL takes it to have, against those that its statistics count.
const MISTAKEN = `
SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.oid = ANY ($1::regclass[]) AND c.relpages > 0 AND s.n_live_tup >= $2
  AND pg_has_role(c.relowner, 'USAGE')
  AND c.reltuples / c.relpages * pg_relation_size(c.oid) / current_setting('block_size')::int < s.n_live_tup / 10`;
