import { z } from 'zod';
import type { Statements } from './database.js';

/** A rule that has no recipient yet. */
export interface NewParked {
  readonly id: string;
  readonly eventRef: number;
  readonly rule: string;
  /** `user:<id>` or `role:<ROLE>` */
  readonly waitFor: string;
  readonly sealed: Buffer;
  readonly expiresAt: Date;
}

export async function insertParked(db: Statements, parked: readonly NewParked[]): Promise<void> {
  if (parked.length === 0) return;
  await db.run(INSERT, [
    JSON.stringify(
      parked.map((one) => ({
        id: one.id,
        event_ref: one.eventRef,
        rule: one.rule,
        wait_for: one.waitFor,
        sealed: one.sealed.toString('base64'),
        expires_at: one.expiresAt,
      })),
    ),
  ]);
}

const parkedRow = z
  .object({
    id: z.string(),
    event_ref: z.number(),
    rule: z.string(),
    wait_for: z.string(),
    sealed: z.instanceof(Buffer),
    expires_at: z.date(),
  })
  .transform((row) => ({
    id: row.id,
    eventRef: row.event_ref,
    rule: row.rule,
    waitFor: row.wait_for,
    sealed: row.sealed,
    expiresAt: row.expires_at,
  }));
export type Parked = Readonly<z.infer<typeof parkedRow>>;

/**
 * Parked rows whose contact has arrived, locked until the transaction ends. By looking at the contacts rather
 * than being told of them, it finds what was parked while its contact was arriving, too.
 * @param except ids that are left out
 */
export const lockAwake = (tx: Statements, limit: number, except: readonly string[]): Promise<Parked[]> =>
  tx.rows(AWAKE, [limit, except], parkedRow);

export const deleteParked = (tx: Statements, ids: readonly string[]): Promise<number> =>
  tx.run('DELETE FROM communications_parked WHERE id = ANY($1::uuid[])', [ids]);

/** Takes parked rows nobody came for in time. */
export const takeOverdue = (tx: Statements, limit: number): Promise<Parked[]> =>
  tx.rows(OVERDUE, [limit], parkedRow);

const INSERT = `
INSERT INTO communications_parked (id, event_ref, rule, wait_for, sealed, expires_at)
SELECT id, event_ref, rule, wait_for, decode(sealed, 'base64'), expires_at
FROM jsonb_to_recordset($1::jsonb) AS p(
  id uuid, event_ref bigint, rule text, wait_for text, sealed text, expires_at timestamptz)
ON CONFLICT DO NOTHING`;

const AWAKE = `
SELECT p.id, p.event_ref, p.rule, p.wait_for, p.sealed, p.expires_at FROM communications_parked p
WHERE p.expires_at > now() AND p.id <> ALL($2::uuid[]) AND (
  EXISTS (SELECT 1 FROM communications_contact c
          WHERE c.user_id = substring(p.wait_for FROM '^user:([0-9]{1,18})$')::bigint)
  OR EXISTS (SELECT 1 FROM communications_contact c
             WHERE p.wait_for = 'role:' || c.role AND c.active AND c.approved AND c.deleted_at IS NULL))
ORDER BY p.id LIMIT $1
FOR UPDATE OF p SKIP LOCKED`;

// As an array: in a join its LIMIT would count anew for each row.
const OVERDUE = `
DELETE FROM communications_parked WHERE id = ANY (ARRAY(
  SELECT id FROM communications_parked WHERE expires_at <= now() ORDER BY expires_at LIMIT $1
  FOR UPDATE SKIP LOCKED))
RETURNING id, event_ref, rule, wait_for, sealed, expires_at`;
