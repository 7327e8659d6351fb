import { z } from 'zod';
import type { Person } from '../domain/person.js';
import { type PersonPatterns, patternsOf } from '../domain/person-patterns.js';
import type { Statements } from './database.js';

/** Tables whose text may name a person, and that text. */
const TEXTS = {
  email_log:
    "concat_ws(' ', recipient, cc, bcc, subject, error_message, context_data, history, recipient_key)",
  sms_log: "concat_ws(' ', phone_number, message, error_message, history, recipient_key)",
  skip: "concat_ws(' ', recipient_key, detail)",
  inbox: "concat_ws(' ', subject, event_id, source)",
} as const;

/** Ids of rows that name a person. */
export type Traces = Readonly<Record<keyof typeof TEXTS, readonly number[]>>;

const CHUNK = 5_000;

/** Looks through all that is kept in clear, in steps that hold nobody up. */
export async function tracesOf(db: Statements, person: Person): Promise<Traces> {
  const patterns = asParameter(patternsOf(person));
  const rows = (table: keyof typeof TEXTS) => rowsNaming(db, table, patterns);
  return {
    email_log: await rows('email_log'),
    sms_log: await rows('sms_log'),
    skip: await rows('skip'),
    inbox: await rows('inbox'),
  };
}

const step = z.object({ ids: z.array(z.coerce.number()), last: z.number().nullable() });

async function rowsNaming(db: Statements, table: keyof typeof TEXTS, patterns: string): Promise<number[]> {
  const found: number[] = [];
  for (let after = 0; ; ) {
    const [looked] = await db.rows(lookSql(table), [after, CHUNK, patterns], step);
    if (looked?.last === undefined || looked.last === null) return found;
    found.push(...looked.ids);
    after = looked.last;
  }
}

/** SQL: whether a text matches any of the patterns in a parameter made by `asParameter`. */
export const NAMES = (text: string, patterns: string) => `EXISTS (
  SELECT 1 FROM jsonb_to_recordset(${patterns}::jsonb) AS one(needle text, pattern text)
  WHERE CASE WHEN strpos(lower(${text}), needle) > 0 THEN lower(${text}) ~ pattern ELSE false END)`;

export const asParameter = ({ addresses, names }: PersonPatterns): string =>
  JSON.stringify([...addresses, ...names]);

const lookSql = (table: keyof typeof TEXTS) => `
SELECT coalesce(array_agg(id::text) FILTER (WHERE ${NAMES('words', '$3')}), '{}') AS ids, max(id) AS last
FROM (SELECT id, ${TEXTS[table]} AS words FROM communications_${table} WHERE id > $1 ORDER BY id LIMIT $2) chunk`;

/** Events whose identity names the person: it stays as long as the row, or they would be taken for new ones. */
export async function eventsNaming(
  db: Statements,
  person: Person,
  { inbox }: Pick<Traces, 'inbox'>,
): Promise<{ readonly events: number; readonly last: Date | null }> {
  const [found] = await db.rows(EVENTS, [inbox, asParameter(patternsOf(person))], eventsFound);
  return found ?? { events: 0, last: null };
}

const eventsFound = z.object({ events: z.number(), last: z.date().nullable() });
const EVENTS = `
SELECT count(*)::integer AS events, max(received_at) AS last FROM communications_inbox
WHERE id = ANY($1::bigint[]) AND ${NAMES("concat_ws(' ', event_id, source)", '$2')}`;

const waiting = z.object({ notification_id: z.string(), state: z.enum(['waits', 'on the wire', 'kept']) });
/** A message to the person that has not ended, or failed and is kept. */
export type WaitingForPerson = Readonly<z.infer<typeof waiting>>;

export const waitingForPerson = (
  db: Statements,
  { userIds, emails, phones }: Person,
): Promise<WaitingForPerson[]> => db.rows(WAITING, [userIds.map(String), [...emails, ...phones]], waiting);

const WAITING = `
SELECT notification_id, CASE WHEN claimed_by IS NOT NULL THEN 'on the wire'
                             WHEN last_status = 'FAILED' THEN 'kept' ELSE 'waits' END AS state
FROM communications_delivery
WHERE status_facts->>'recipientId' = ANY($1::text[]) OR lower(recipient) = ANY($2::text[])
ORDER BY id`;

/** Addresses that messages to these users went to, other than those of their profiles. */
export async function formerAddresses(
  db: Statements,
  userIds: readonly number[],
): Promise<{ readonly emails: readonly string[]; readonly phones: readonly string[] }> {
  if (userIds.length === 0) return { emails: [], phones: [] };
  const of = async (table: string, column: string) => {
    const rows = await db.rows(
      `SELECT DISTINCT ${column} AS address FROM ${table}
        WHERE recipient_id = ANY($1::bigint[]) AND ${column} NOT LIKE '%***%'`,
      [userIds],
      z.object({ address: z.string() }),
    );
    return rows.map(({ address }) => address);
  };
  return {
    emails: await of('communications_email_log', 'recipient'),
    phones: await of('communications_sms_log', 'phone_number'),
  };
}
