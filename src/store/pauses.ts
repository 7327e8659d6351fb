import { z } from 'zod';
import type { Statements } from './database.js';

const pause = z
  .object({ what: z.string(), note: z.string(), paused_by: z.string(), since: z.date() })
  .transform(({ paused_by, ...row }) => ({ ...row, by: paused_by }));
/** Somebody's word that nothing goes out by a channel or a provider. */
export type Pause = Readonly<z.infer<typeof pause>>;

const COLUMNS = 'what, note, paused_by, since';

/** The oldest first. */
export const pauses = (db: Statements): Promise<Pause[]> =>
  db.rows(`SELECT ${COLUMNS} FROM communications_pause ORDER BY since, what`, [], pause);

/** @returns false: it was paused before, and stays as it was */
export async function insertPause(
  db: Statements,
  { what, note, by }: Pick<Pause, 'what' | 'note' | 'by'>,
): Promise<boolean> {
  const inserted = await db.run(
    'INSERT INTO communications_pause (what, note, paused_by) VALUES ($1, $2, $3) ON CONFLICT (what) DO NOTHING',
    [what, note, by],
  );
  return inserted > 0;
}

/** @returns the one that ends; undefined: there was none */
export async function deletePause(db: Statements, what: string): Promise<Pause | undefined> {
  const [ended] = await db.rows(
    `DELETE FROM communications_pause WHERE what = $1 RETURNING ${COLUMNS}`,
    [what],
    pause,
  );
  return ended;
}

/** Of these the ones that hold for a provider of a channel. */
export const pausesOf = (
  all: readonly Pause[],
  { channel, provider }: { readonly channel: string; readonly provider: string },
): readonly Pause[] => all.filter(({ what }) => what === channel || what === provider);
