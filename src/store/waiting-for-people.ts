import { z } from 'zod';
import type { Statements } from './database.js';

const waitingForPeople = z
  .object({
    parked: z.number(),
    parked_since: z.date().nullable(),
    dead_letters: z.number(),
    dead_letters_since: z.date().nullable(),
  })
  .transform((row) => ({
    /** Rules without a recipient. */
    parked: { count: row.parked, since: row.parked_since },
    /** Open ones. */
    deadLetters: { count: row.dead_letters, since: row.dead_letters_since },
  }));
export type WaitingForPeople = Readonly<z.infer<typeof waitingForPeople>>;

/** What nothing here mends by itself, and how long it has been so. */
export async function waitingForPeopleNow(db: Statements): Promise<WaitingForPeople> {
  const [row] = await db.rows(SQL, [], waitingForPeople);
  if (row === undefined) throw new Error('the database counted nothing');
  return row;
}

const SQL = `
SELECT p.parked, p.parked_since, d.dead_letters, d.dead_letters_since
FROM (SELECT count(*)::integer AS parked, min(created_at) AS parked_since FROM communications_parked) p,
     (SELECT count(*)::integer AS dead_letters, min(created_at) AS dead_letters_since
        FROM communications_dead_letter WHERE resolved_at IS NULL) d`;
