import { z } from 'zod';
import type { Statements } from './database.js';

/** Ids of the keys that sealed what still waits to be opened, in the newest 1,000 rows of each table. */
export async function sealingKeysInUse(db: Statements): Promise<string[]> {
  const rows = await db.rows(SQL, [], z.object({ key_id: z.string() }));
  return rows.map(({ key_id }) => key_id);
}

// See createSeal for the layout: version, length of the key id, key id.
const newest = (table: string, condition: string) =>
  `(SELECT sealed FROM ${table} WHERE sealed IS NOT NULL AND ${condition} ORDER BY id DESC LIMIT 1000)`;

const SQL = `
SELECT DISTINCT convert_from(substring(sealed FROM 3 FOR get_byte(sealed, 1)), 'LATIN1') AS key_id
FROM (${newest('communications_delivery', 'true')}
      UNION ALL ${newest('communications_parked', 'true')}
      UNION ALL ${newest('communications_dead_letter', 'resolved_at IS NULL')}) AS sealed_rows
ORDER BY key_id`;
