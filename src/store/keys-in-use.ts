import { z } from 'zod';
import type { Statements } from './database.js';

/** Ids of keys, sorted. */
export interface KeysInUse {
  /** They sealed what still waits to be opened. */
  readonly sealed: readonly string[];
  /** They hashed events that may come again. */
  readonly hashed: readonly string[];
}

/** In the oldest 1,000 rows of each table: a key that was retired too early is found there. */
export async function keysInUse(db: Statements): Promise<KeysInUse> {
  const sealed = await db.rows(SEALED, [], keyRow);
  const hashed = await db.rows(HASHED, [], keyRow);
  return { sealed: sealed.map(({ key_id }) => key_id), hashed: hashed.map(({ key_id }) => key_id) };
}

const keyRow = z.object({ key_id: z.string() });

// See createSeal for the layout: version, length of the key id, key id.
const oldest = (table: string, condition: string) =>
  `(SELECT sealed FROM ${table} WHERE sealed IS NOT NULL AND ${condition} ORDER BY id LIMIT 1000)`;

const SEALED = `
SELECT DISTINCT convert_from(substring(sealed FROM 3 FOR get_byte(sealed, 1)), 'LATIN1') AS key_id
FROM (${oldest('communications_delivery', 'true')}
      UNION ALL ${oldest('communications_parked', 'true')}
      UNION ALL ${oldest('communications_dead_letter', 'resolved_at IS NULL')}) AS sealed_rows
ORDER BY key_id`;

// See createDigester for the layout: hash (32 bytes), key id.
const HASHED = `
SELECT DISTINCT convert_from(substring(digest FROM 33), 'LATIN1') AS key_id
FROM (SELECT digest FROM communications_inbox ORDER BY id LIMIT 1000) AS events
ORDER BY key_id`;
