import type { Channel } from '../domain/channel.js';
import type { Reason } from '../domain/reason.js';
import type { Statements } from './database.js';

/** What never becomes a message, and why. */
export interface Skip {
  readonly eventRef: number;
  readonly rule: string;
  /** Null: the rule as a whole. */
  readonly recipientKey: string | null;
  /** Null: all that the rule has. */
  readonly channel: Channel | null;
  readonly reason: Reason;
  /** Inbox id of the event that has the slot it asked for. */
  readonly slotHolder?: number;
}

/** For the rule as a whole. */
export const ruleSkip = (eventRef: number, rule: string, reason: Reason): Skip => ({
  eventRef,
  rule,
  recipientKey: null,
  channel: null,
  reason,
});

export async function insertSkips(db: Statements, skips: readonly Skip[]): Promise<void> {
  if (skips.length === 0) return;
  await db.run(SQL, [
    skips.map(({ eventRef }) => eventRef),
    skips.map(({ rule }) => rule),
    skips.map(({ recipientKey }) => recipientKey),
    skips.map(({ channel }) => channel),
    skips.map(({ reason }) => reason),
    skips.map(({ slotHolder }) => slotHolder ?? null),
  ]);
}

const SQL = `
INSERT INTO communications_skip (event_ref, rule, recipient_key, channel, reason, slot_holder)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
ON CONFLICT DO NOTHING`;
