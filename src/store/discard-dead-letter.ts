import { z } from 'zod';
import type { Statements } from './database.js';

export type Discarded = 'discarded' | 'resolved before' | 'not found';

/**
 * Closes a dead letter without taking it in.
 * @param note why, in a person's words
 * @param options with `dryRun` it is only looked at
 */
export async function discardDeadLetter(
  db: Statements,
  id: string,
  note: string,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Discarded> {
  const letters = await db.rows(
    'SELECT resolved_at IS NULL AS open FROM communications_dead_letter WHERE id = $1',
    [id],
    z.object({ open: z.boolean() }),
  );
  const [letter] = letters;
  if (letter === undefined) return 'not found';
  if (!letter.open) return 'resolved before';
  if (dryRun) return 'discarded';
  const closed = await db.run(
    'UPDATE communications_dead_letter SET resolved_at = now(), note = $2 WHERE id = $1 AND resolved_at IS NULL',
    [id, note],
  );
  return closed > 0 ? 'discarded' : 'resolved before';
}
