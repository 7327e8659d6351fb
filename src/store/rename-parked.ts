import type { Tx } from './database.js';

/** Gives what waits of these events the name that its rule has now, unless the same waits under that name already. */
export async function renameParked(
  tx: Tx,
  refs: readonly number[],
  renamed: ReadonlyMap<string, string>,
): Promise<void> {
  if (refs.length === 0) return;
  // One after the other: of two former names of one rule the same may wait.
  for (const [former, today] of renamed) await tx.run(SQL, [refs, former, today]);
}

const SQL = `
UPDATE communications_parked p SET rule = $3
WHERE p.event_ref = ANY($1::bigint[]) AND p.rule = $2 AND NOT EXISTS (
  SELECT 1 FROM communications_parked o
  WHERE o.event_ref = p.event_ref AND o.rule = $3 AND o.wait_for = p.wait_for)`;
