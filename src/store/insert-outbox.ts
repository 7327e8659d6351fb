import type { OutboxMessage } from '../domain/outbox-message.js';
import { type ArrayColumns, binaryArrays } from './binary-array.js';
import type { Statements } from './database.js';
import { unnested } from './rows-side-by-side.js';

/** What a row of the outbox is made of, as arrays that may stand beside other rows. */
export const OUTBOX_ARRAYS: ArrayColumns<OutboxMessage> = {
  topic: { type: 'text', of: ({ topic }) => topic },
  subject: { type: 'text', of: ({ subject }) => subject },
  key: { type: 'bytea', of: ({ key }) => key },
  value: { type: 'bytea', of: ({ value }) => value },
  headers: { type: 'json', of: ({ headers }) => headersJson(headers) },
};
export const OUTBOX_COLUMNS = Object.keys(OUTBOX_ARRAYS).join(', ');

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
  if (messages.length > 0) await db.run(SQL, binaryArrays(OUTBOX_ARRAYS, messages));
}

const SQL = `
INSERT INTO communications_outbox (${OUTBOX_COLUMNS})
SELECT ${OUTBOX_COLUMNS} FROM ROWS FROM (${unnested(1, OUTBOX_ARRAYS)}) WITH ORDINALITY AS m(${OUTBOX_COLUMNS}, ord)
ORDER BY ord`;
