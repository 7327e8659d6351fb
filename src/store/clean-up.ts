import { z } from 'zod';
import { CLEANABLE, type Cleanable } from './cleanable.js';
import type { Statements } from './database.js';

/** For how many days each kind of row is kept. */
export type Retention = Readonly<Record<Cleanable['kept'], number>>;

export interface CleanUpOptions {
  readonly keepDays: Retention;
  /** Rows a statement; small ones, so that no snapshot grows old and no lock lasts. */
  readonly chunk?: number;
  /** Told after every chunk: how many of that table are gone by now. */
  readonly onProgress?: (table: string, deleted: number) => void;
  /** Called between chunks, with how long the last one took. */
  readonly rest?: (tookMs: number) => Promise<unknown>;
  /** Checked between chunks. */
  readonly signal?: AbortSignal;
}

/**
 * Deletes what is old and of no more use. Rows that somebody else holds are left for the next time: nobody waits for
 * the cleanup, and it waits for nobody.
 * @returns how many, by table
 */
export async function cleanUp(db: Statements, options: CleanUpOptions): Promise<Map<string, number>> {
  const deleted = new Map<string, number>();
  for (const table of CLEANABLE) deleted.set(table.name, await cleanTable(db, table, options));
  return deleted;
}

/** What `cleanUp` would delete. */
export async function countOld(db: Statements, keepDays: Retention): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of CLEANABLE) {
    const [row] = await db.rows(countSql(table), [keepDays[table.kept]], z.object({ n: z.number() }));
    counts.set(table.name, row?.n ?? 0);
  }
  return counts;
}

async function cleanTable(
  db: Statements,
  table: Cleanable,
  { keepDays, chunk = 1_000, onProgress, rest, signal }: CleanUpOptions,
): Promise<number> {
  const sql = table.ordered ? alongIds(table) : byLooking(table);
  let deleted = 0;
  let after = 0;
  while (!signal?.aborted) {
    const started = performance.now();
    const [step] = await db.rows(sql, [keepDays[table.kept], chunk, after], stepRow);
    if (step === undefined) break;
    deleted += step.deleted;
    after = step.last ?? after;
    if (step.deleted > 0) onProgress?.(table.name, deleted);
    if (!step.more) break;
    await rest?.(performance.now() - started);
  }
  return deleted;
}

const stepRow = z.object({ deleted: z.number(), last: z.number().nullable(), more: z.boolean() });

const isOld = ({ age }: Cleanable) => `t.${age} < now() - $1 * interval '1 day'`;

// A condition on age alone would read over all that chunks before have left dead, and at last the whole table.
const alongIds = (table: Cleanable) => `
WITH chunk AS (
  SELECT t.id, ${isOld(table)} AS old FROM communications_${table.name} t
  WHERE t.id > $3 ORDER BY t.id LIMIT $2
), ripe AS (
  SELECT t.id FROM communications_${table.name} t JOIN chunk USING (id)
  WHERE chunk.old AND NOT (${table.needed}) FOR UPDATE OF t SKIP LOCKED
), gone AS (
  DELETE FROM communications_${table.name} WHERE id IN (SELECT id FROM ripe) RETURNING 1
)
SELECT (SELECT count(*)::integer FROM gone) AS deleted, max(id) AS last,
       count(*) = $2 AND bool_or(old) AS more
FROM chunk`;

const byLooking = (table: Cleanable) => `
WITH gone AS (
  DELETE FROM communications_${table.name} WHERE (${table.key.join()}) IN (
    SELECT ${table.key.join()} FROM communications_${table.name} t
    WHERE ${isOld(table)} AND NOT (${table.needed}) LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING 1
)
SELECT count(*)::integer AS deleted, NULL::bigint AS last, count(*) = $2 AND $3 = 0 AS more FROM gone`;

const countSql = (table: Cleanable) => `
SELECT count(*)::integer AS n FROM communications_${table.name} t WHERE ${isOld(table)} AND NOT (${table.needed})`;
