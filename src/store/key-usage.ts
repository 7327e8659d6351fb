import { z } from 'zod';
import type { Statements } from './database.js';

const usage = z.object({
  key_id: z.string(),
  /** `dead_letter resolved` stands apart: nobody opens them any more. */
  what: z.enum(['delivery', 'parked', 'dead_letter', 'dead_letter resolved', 'inbox']),
  rows: z.number(),
  oldest: z.date(),
  newest: z.date(),
});
/** How many rows of one kind a key has sealed or, in the inbox, hashed. */
export type KeyUsage = Readonly<z.infer<typeof usage>>;

/** Of every row there is, unlike the look that doctor takes. */
export const keyUsage = (db: Statements): Promise<KeyUsage[]> => db.rows(SQL, [], usage);

/** See createSeal for the layout: version, length of the key id, key id. */
export const KEY_OF_SEALED = `convert_from(substring(sealed FROM 3 FOR get_byte(sealed, 1)), 'LATIN1')`;

// Bytes that are no seal would fail the whole look.
const sealed = (what: string, table: string, condition = 'true') => `
SELECT ${KEY_OF_SEALED} AS key_id, ${what} AS what, created_at AS at FROM communications_${table}
WHERE length(sealed) > 2 AND ${condition}`;

// See createDigester for the layout: hash (32 bytes), key id.
const SQL = `
SELECT key_id, what, count(*)::integer AS rows, min(at) AS oldest, max(at) AS newest
FROM (
  ${sealed(`'delivery'`, 'delivery')}
  UNION ALL ${sealed(`'parked'`, 'parked')}
  UNION ALL ${sealed(`CASE WHEN resolved_at IS NULL THEN 'dead_letter' ELSE 'dead_letter resolved' END`, 'dead_letter')}
  UNION ALL
  SELECT convert_from(substring(digest FROM 33), 'LATIN1'), 'inbox', received_at FROM communications_inbox
) AS by_key
GROUP BY key_id, what ORDER BY key_id, what`;
