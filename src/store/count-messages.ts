import { bytesOf, numberOf, type Row, textOf } from './columns.js';
import type { Statements } from './database.js';

/** Messages about to be made. */
export interface BrakeCount {
  readonly rule: string;
  /** Empty: the rule as a whole; else a keyed hash of recipient and channel. */
  readonly key: Buffer;
  readonly messages: number;
  readonly perMs: number;
}

/** Names a count in a Map. */
export const countName = ({ rule, key }: Pick<BrakeCount, 'rule' | 'key'>): string =>
  `${rule} ${key.toString('base64')}`;

/**
 * Adds to the running windows, by the database's clock; one that is over begins anew.
 * @param counts each (rule, key) once
 * @returns how many there are in each window now, these included
 */
export async function countMessages(
  tx: Statements,
  counts: readonly BrakeCount[],
): Promise<ReadonlyMap<string, number>> {
  if (counts.length === 0) return new Map();
  const rows = await tx.rows(
    SQL,
    [
      counts.map(({ rule }) => rule),
      counts.map(({ key }) => key.toString('base64')),
      counts.map(({ messages }) => messages),
      counts.map(({ perMs }) => perMs),
    ],
    counted,
    { name: 'brake' },
  );
  return new Map(rows.map(({ name, messages }) => [name, messages]));
}

const counted = {
  parse: (row: Row) => ({
    name: countName({ rule: textOf(row, 'rule'), key: bytesOf(row, 'key') }),
    messages: numberOf(row, 'messages'),
  }),
};

// Sorted, so that instances wait for each other and don't deadlock.
const SQL = `
INSERT INTO communications_brake AS held (rule, key, window_end, messages)
SELECT rule, decode(key, 'base64'), now() + per_ms * interval '1 millisecond', messages
FROM unnest($1::text[], $2::text[], $3::integer[], $4::bigint[]) AS c(rule, key, messages, per_ms)
ORDER BY rule, key
ON CONFLICT (rule, key) DO UPDATE SET
  messages = CASE WHEN held.window_end > now() THEN held.messages ELSE 0 END + excluded.messages,
  window_end = CASE WHEN held.window_end > now() THEN held.window_end ELSE excluded.window_end END
RETURNING rule, key, messages`;
