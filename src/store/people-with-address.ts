import { z } from 'zod';
import type { Statements } from './database.js';

/** User ids of those whose profile has the address, or the number (E.164). */
export async function peopleWithAddress(db: Statements, address: string): Promise<number[]> {
  const rows = await db.rows(SQL, [address], z.object({ user_id: z.number() }));
  return rows.map(({ user_id }) => user_id);
}

// The directory has a few hundred people: no index.
const SQL = `
SELECT user_id FROM communications_contact
WHERE lower(email) = lower($1) OR phone = $1 OR other_phones ? $1
ORDER BY user_id`;
