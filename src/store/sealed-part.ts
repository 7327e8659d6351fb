import { z } from 'zod';
import type { Statements } from './database.js';

const sealed = z
  .object({ bytes: z.number(), key_id: z.string().nullable() })
  .transform(({ bytes, key_id }) => ({ bytes, keyId: key_id }));
/** How much of a dead letter is sealed, and which key opens it; null: nothing is kept any more. */
export type SealedPart = Readonly<z.infer<typeof sealed>>;

export async function sealedPart(db: Statements, id: string): Promise<SealedPart | undefined> {
  const [row] = await db.rows(SQL, [id], sealed);
  return row;
}

// See createSeal for the layout: version, length of the key id, key id.
const SQL = `
SELECT length(sealed) AS bytes,
       CASE WHEN length(sealed) > 2
            THEN convert_from(substring(sealed FROM 3 FOR get_byte(sealed, 1)), 'LATIN1') END AS key_id
FROM communications_dead_letter WHERE id = $1`;
