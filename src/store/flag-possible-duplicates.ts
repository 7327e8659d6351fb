import { z } from 'zod';
import type { Statements } from './database.js';

const flagged = z.object({ channel: z.string(), rule: z.string(), messages: z.number() });
export type FlaggedOfRule = Readonly<z.infer<typeof flagged>>;

const CHUNK = 1_000;

/**
 * Flags messages that wait, about events up to a time: they may have been sent by a database that is lost. Goes along
 * the ids in steps that hold nobody up; said again, it flags what it has not flagged yet. What is being sent just now
 * is left.
 */
export async function flagPossibleDuplicates(
  db: Statements,
  until: Date,
  chunk = CHUNK,
): Promise<FlaggedOfRule[]> {
  const sums = new Map<string, FlaggedOfRule>();
  for (let after = 0; ; ) {
    const rows = await db.rows(FLAG, [until.getTime(), after, chunk], step);
    for (const { channel, rule, messages } of rows) {
      if (channel === null || rule === null) continue;
      const key = `${rule} ${channel}`;
      sums.set(key, { channel, rule, messages: messages + (sums.get(key)?.messages ?? 0) });
    }
    const last = rows[0]?.last ?? null;
    if (last === null) return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
    after = last;
  }
}

/** What `flagPossibleDuplicates` would flag. */
export const countPossibleDuplicates = (db: Statements, until: Date): Promise<FlaggedOfRule[]> =>
  db.rows(COUNT, [until.getTime()], flagged);

const step = z.object({
  last: z.number().nullable(),
  channel: z.string().nullable(),
  rule: z.string().nullable(),
  messages: z.number(),
});

// What failed is settled, and only kept to be resent.
const DOUBTFUL = `d.claimed_by IS NULL AND NOT d.possible_duplicate AND d.last_status <> 'FAILED'
  AND (d.status_facts->>'eventTime')::bigint <= $1`;

const BY_RULE = `
SELECT channel, rule, count(*)::integer AS messages`;

const flagLog = (table: string, channel: string) => `
  UPDATE ${table} l SET possible_duplicate = true FROM flagged
  WHERE flagged.channel = '${channel}' AND l.id = flagged.log_id`;

const FLAG = `
WITH chunk AS (
  SELECT id FROM communications_delivery WHERE id > $2 ORDER BY id LIMIT $3
), doubtful AS (
  SELECT d.id FROM communications_delivery d JOIN chunk USING (id) WHERE ${DOUBTFUL}
  ORDER BY d.id FOR UPDATE OF d SKIP LOCKED
), flagged AS (
  UPDATE communications_delivery d SET possible_duplicate = true FROM doubtful WHERE d.id = doubtful.id
  RETURNING d.channel, d.log_id, d.rule
), emails AS (${flagLog('communications_email_log', 'email')}
), texts AS (${flagLog('communications_sms_log', 'sms')}
), by_rule AS (${BY_RULE} FROM flagged GROUP BY channel, rule
)
SELECT way.last, by_rule.channel, by_rule.rule, coalesce(by_rule.messages, 0) AS messages
FROM (SELECT max(id) AS last FROM chunk) way LEFT JOIN by_rule ON true`;

const COUNT = `${BY_RULE}
FROM communications_delivery d WHERE ${DOUBTFUL} GROUP BY channel, rule ORDER BY rule, channel`;
