import { z } from 'zod';
import type { Statements } from './database.js';
import { HELD } from './held-messages.js';

const released = z.object({ messages: z.number() });

/**
 * Lets up to `limit` messages that the brake holds go on, oldest first. No attempt is counted and no status follows,
 * since QUEUED was told. What failed stays where it is.
 *
 * They fall due one after the other, 20 a second: all at once they would stand before every code that is asked for
 * meanwhile.
 * @param before how many were released just now: they go first
 * @returns how many
 */
export async function releaseHeld(
  db: Statements,
  rule: string,
  limit: number,
  before: number,
): Promise<number> {
  const [row] = await db.rows(SQL, [rule, limit, before], released);
  return row?.messages ?? 0;
}

/** As historyJson writes a step; no status goes with it. */
const STEP = `jsonb_build_object('at', now(), 'seq', l.sequence, 'status', l.last_status, 'reason', NULL,
  'attempt', l.attempts, 'provider', l.provider, 'answer', 'released by an operator')`;
const TOLD_NO_MORE = `SET reason = NULL, history = l.history || ${STEP}
  FROM free WHERE l.id = free.log_id AND l.reason = 'held'`;

// Looked up by arrays: ADR 24.
const SQL = `
WITH due AS (
  SELECT id FROM communications_delivery WHERE ${HELD} AND rule = $1 AND expires_at > now()
  ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
), numbered AS (
  SELECT id, row_number() OVER (ORDER BY id) - 1 + $3::integer AS place FROM due
), free AS (
  UPDATE communications_delivery d SET due_at = now() + place * interval '50 milliseconds'
    FROM numbered WHERE d.id = ANY (ARRAY[numbered.id])
  RETURNING d.log_id, d.channel
), email_logged AS (
  UPDATE communications_email_log l ${TOLD_NO_MORE} AND free.channel = 'email'
), sms_logged AS (
  UPDATE communications_sms_log l ${TOLD_NO_MORE} AND free.channel = 'sms'
)
SELECT count(*)::integer AS messages FROM free`;
