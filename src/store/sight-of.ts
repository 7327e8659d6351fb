import { z } from 'zod';
import type { Statements } from './database.js';

export interface Sight {
  readonly user: string;
  /** Else PostgreSQL hides how old the transactions of other users are, and the gauge of the oldest tells ours alone. */
  readonly seesOthers: boolean;
}

export async function sightOf(db: Statements): Promise<Sight> {
  const [row] = await db.rows(
    `SELECT current_user::text AS user, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS "seesOthers"`,
    [],
    z.object({ user: z.string(), seesOthers: z.boolean() }),
  );
  if (row === undefined) throw new Error('the database did not tell who we are');
  return row;
}
