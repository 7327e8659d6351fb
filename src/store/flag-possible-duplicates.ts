import { z } from 'zod';
import type { Statements } from './database.js';

const flagged = z.object({ channel: z.string(), rule: z.string(), messages: z.number() });
export type FlaggedOfRule = Readonly<z.infer<typeof flagged>>;

/**
 * Flags messages that wait, about events up to a time: they may have been sent by a database that is lost.
 * What is being sent just now is left.
 */
export const flagPossibleDuplicates = (db: Statements, until: Date): Promise<FlaggedOfRule[]> =>
  db.rows(FLAG, [until.getTime()], flagged);

const flagLog = (table: string, channel: string) => `
  UPDATE ${table} l SET possible_duplicate = true FROM flagged
  WHERE flagged.channel = '${channel}' AND l.id = flagged.log_id`;

const FLAG = `
WITH doubtful AS (
  SELECT id FROM communications_delivery
  WHERE claimed_by IS NULL AND NOT possible_duplicate AND (status_facts->>'eventTime')::bigint <= $1
  ORDER BY id FOR UPDATE SKIP LOCKED
), flagged AS (
  UPDATE communications_delivery d SET possible_duplicate = true FROM doubtful WHERE d.id = doubtful.id
  RETURNING d.channel, d.log_id, d.rule
), emails AS (${flagLog('communications_email_log', 'email')}
), texts AS (${flagLog('communications_sms_log', 'sms')}
)
SELECT channel, rule, count(*)::integer AS messages FROM flagged GROUP BY channel, rule ORDER BY rule, channel`;
