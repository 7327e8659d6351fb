import { z } from 'zod';
import type { Statements } from './database.js';
import { KEY_OF_SEALED } from './key-usage.js';
import { BrokenSeal, MissingKey, type Seal } from './sealing.js';

/** A table with sealed bytes, and what they are bound to. */
export interface SealedTable {
  /** Without `communications_`. */
  readonly name: 'delivery' | 'parked' | 'dead_letter';
  /** Column whose value names the row in what it is sealed for. */
  readonly boundTo: 'notification_id' | 'id';
  readonly sealedFor: (boundTo: string) => string;
}

export interface Resealed {
  resealed: number;
  /** Being sent, or held by somebody else, just now. */
  busy: number;
  /** By id of the key that is not among ours. */
  readonly missing: Map<string, number>;
  /** They open under no key. */
  broken: number;
}

export interface ResealOptions {
  readonly seal: Seal;
  /** The first key: what is under it already is left. */
  readonly firstKey: string;
  readonly chunk?: number;
}

/**
 * Seals anew under the first key what other keys have sealed, for the same row. A row is written only if its bytes
 * are still those that were read, and nobody holds it or is sending it: neither side waits for the other.
 */
export async function reseal(
  db: Statements,
  table: SealedTable,
  { seal, firstKey, chunk = 200 }: ResealOptions,
): Promise<Resealed> {
  const done: Resealed = { resealed: 0, busy: 0, missing: new Map(), broken: 0 };
  let after: string | null = null;
  for (;;) {
    const rows: SealedRow[] = await db.rows(readSql(table), [firstKey, after, chunk], sealedRow);
    const [last] = rows.slice(-1);
    if (last === undefined) return done;
    after = last.id;
    const anew = rows.flatMap((row) => sealedAnew(row, table, seal, done));
    const written = anew.length === 0 ? 0 : await write(db, table, anew);
    done.resealed += written;
    done.busy += anew.length - written;
  }
}

const sealedRow = z.object({ id: z.string(), bound_to: z.string(), sealed: z.instanceof(Buffer) });
type SealedRow = z.infer<typeof sealedRow>;

function sealedAnew(
  row: SealedRow,
  { sealedFor }: SealedTable,
  seal: Seal,
  done: Resealed,
): (SealedRow & { readonly anew: Buffer })[] {
  const bound = sealedFor(row.bound_to);
  try {
    return [{ ...row, anew: seal.seal(seal.open(row.sealed, bound), bound) }];
  } catch (error) {
    if (error instanceof MissingKey) {
      done.missing.set(error.keyId, (done.missing.get(error.keyId) ?? 0) + 1);
    } else if (error instanceof BrokenSeal) done.broken++;
    else throw error;
    return [];
  }
}

const write = (
  db: Statements,
  table: SealedTable,
  rows: readonly { readonly id: string; readonly sealed: Buffer; readonly anew: Buffer }[],
): Promise<number> =>
  db.run(writeSql(table), [
    JSON.stringify(
      rows.map(({ id, sealed, anew }) => ({
        id,
        before: sealed.toString('base64'),
        anew: anew.toString('base64'),
      })),
    ),
  ]);

const typeOf = ({ name }: SealedTable) => (name === 'delivery' ? 'bigint' : 'uuid');
const isFree = ({ name }: SealedTable) => (name === 'delivery' ? 'r.claimed_by IS NULL' : 'true');

const readSql = (table: SealedTable) => `
SELECT id::text AS id, ${table.boundTo}::text AS bound_to, sealed FROM communications_${table.name}
WHERE length(sealed) > 2 AND ${KEY_OF_SEALED} <> $1 AND ($2::text IS NULL OR id > $2::text::${typeOf(table)})
ORDER BY communications_${table.name}.id LIMIT $3`;

const writeSql = (table: SealedTable) => `
WITH free AS (
  SELECT r.id, decode(w.anew, 'base64') AS anew
  FROM communications_${table.name} r
  JOIN jsonb_to_recordset($1::jsonb) AS w(id ${typeOf(table)}, before text, anew text) ON w.id = r.id
  WHERE r.sealed = decode(w.before, 'base64') AND ${isFree(table)}
  ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
)
UPDATE communications_${table.name} r SET sealed = free.anew FROM free WHERE r.id = free.id`;
