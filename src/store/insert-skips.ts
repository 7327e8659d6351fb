import type { Reason } from '../domain/reason.js';
import type { Statements } from './database.js';

/** What never becomes a message, and why. */
export interface Skip {
  readonly eventRef: number;
  readonly rule: string;
  /** Null: the rule as a whole. */
  readonly recipientKey: string | null;
  readonly reason: Reason;
}

export async function insertSkips(db: Statements, skips: readonly Skip[]): Promise<void> {
  if (skips.length === 0) return;
  await db.run(SQL, [
    skips.map(({ eventRef }) => eventRef),
    skips.map(({ rule }) => rule),
    skips.map(({ recipientKey }) => recipientKey),
    skips.map(({ reason }) => reason),
  ]);
}

const SQL = `
INSERT INTO communications_skip (event_ref, rule, recipient_key, reason)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[])
ON CONFLICT DO NOTHING`;
