import { z } from 'zod';
import type { DeadLetterReason } from '../domain/reason.js';
import { DEAD_LETTER_REASONS } from '../domain/reason.js';
import type { Statements, Tx } from './database.js';

const openDeadLetter = z
  .object({
    id: z.string(),
    topic: z.string(),
    partition: z.number(),
    offset: z.number(),
    rule: z.string(),
    reason: z.enum(DEAD_LETTER_REASONS),
    sealed: z.instanceof(Buffer),
    resolved_at: z.date().nullable(),
  })
  .transform(({ resolved_at, ...row }) => ({ ...row, resolvedAt: resolved_at }));
export type OpenDeadLetter = Readonly<z.infer<typeof openDeadLetter>>;

/** Locks it until the transaction ends, so that nobody else retries it meanwhile. */
export async function lockDeadLetter(tx: Tx, id: string): Promise<OpenDeadLetter | undefined> {
  const [row] = await tx.rows(
    `SELECT id, topic, partition, "offset", rule, reason, sealed, resolved_at
       FROM communications_dead_letter WHERE id = $1 FOR UPDATE`,
    [id],
    openDeadLetter,
  );
  return row;
}

export const resolveDeadLetter = (db: Statements, id: string): Promise<number> =>
  db.run('UPDATE communications_dead_letter SET retried_at = now(), resolved_at = now() WHERE id = $1', [id]);

/** Keeps it open, with what is in its way now. */
export const failDeadLetter = (
  db: Statements,
  id: string,
  { reason, detail }: { readonly reason: DeadLetterReason; readonly detail: string },
): Promise<number> =>
  db.run(
    // no_rule stays: it says that the event is in the inbox already without any rule having been applied.
    `UPDATE communications_dead_letter SET retried_at = now(), detail = $3,
       reason = CASE WHEN reason = 'no_rule' AND rule = '' THEN reason ELSE $2 END
     WHERE id = $1`,
    [id, reason, detail],
  );

/** The inbox row of an event that was there before. */
export async function inboxId(
  db: Statements,
  identity: { readonly source: string; readonly id: string },
): Promise<number | undefined> {
  const [row] = await db.rows(
    'SELECT id FROM communications_inbox WHERE source = $1 AND event_id = $2',
    [identity.source, identity.id],
    z.object({ id: z.number() }),
  );
  return row?.id;
}
