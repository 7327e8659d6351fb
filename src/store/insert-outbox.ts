import type { OutboxMessage } from '../domain/outbox-message.js';
import { binaryArray } from './binary-array.js';
import type { Statements } from './database.js';
import type { Columns } from './rows-side-by-side.js';

/** What a row of the outbox is made of, as arrays beside other rows. */
export const OUTBOX_ARRAYS: Columns = {
  topic: 'text',
  subject: 'text',
  key: 'bytea',
  value: 'bytea',
  headers: 'json',
};
export const OUTBOX_COLUMNS = Object.keys(OUTBOX_ARRAYS).join(', ');

/** For the placeholders of `OUTBOX_ARRAYS`. */
export const outboxValues = (messages: readonly OutboxMessage[]): readonly Buffer[] => [
  binaryArray(
    'text',
    messages.map(({ topic }) => topic),
  ),
  binaryArray(
    'text',
    messages.map(({ subject }) => subject),
  ),
  binaryArray(
    'bytea',
    messages.map(({ key }) => key),
  ),
  binaryArray(
    'bytea',
    messages.map(({ value }) => value),
  ),
  binaryArray(
    'json',
    messages.map(({ headers }) => headersJson(headers)),
  ),
];

/** Name to base64, which has nothing to escape. */
function headersJson(headers: OutboxMessage['headers']): string {
  let json = '';
  for (const [name, bytes] of Object.entries(headers)) {
    json += `${json === '' ? '' : ','}${JSON.stringify(name)}:"${bytes.toString('base64')}"`;
  }
  return `{${json}}`;
}

/** Adds messages for the bus to the running transaction, in their order. */
export async function insertOutbox(db: Statements, messages: readonly OutboxMessage[]): Promise<void> {
  if (messages.length > 0) await db.run(SQL, outboxValues(messages));
}

const UNNESTED = Object.values(OUTBOX_ARRAYS).map((type, place) => `$${place + 1}::${type}[]`);
const SQL = `
INSERT INTO communications_outbox (${OUTBOX_COLUMNS})
SELECT ${OUTBOX_COLUMNS} FROM unnest(${UNNESTED.join(', ')}) WITH ORDINALITY AS m(${OUTBOX_COLUMNS}, ord)
ORDER BY ord`;
