import { z } from 'zod';
import type { Statements } from './database.js';

/** What the brake keeps of one rule. */
const heldRule = z
  .object({ rule: z.string(), messages: z.number(), oldest: z.date(), first_expiry: z.date() })
  .transform(({ first_expiry, ...row }) => ({ ...row, firstExpiry: first_expiry }));
export type HeldRule = Readonly<z.infer<typeof heldRule>>;

export const HELD = `due_at = 'infinity' AND last_status <> 'FAILED'`;

/** By rule, the fullest first. */
export const heldMessages = (db: Statements): Promise<HeldRule[]> => db.rows(SQL, [], heldRule);

const SQL = `
SELECT rule, count(*)::integer AS messages, min(created_at) AS oldest, min(expires_at) AS first_expiry
FROM communications_delivery WHERE ${HELD} GROUP BY rule ORDER BY count(*) DESC, rule`;
