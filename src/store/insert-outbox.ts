import type { OutboxMessage } from '../domain/outbox-message.js';
import type { Statements } from './database.js';

/**
 * A message as JSON, for statements that write outbox rows among others; bytes as base64. Put together by hand: base64 has
 * nothing to escape, and it is most of a message.
 */
export function outboxJson({ topic, key, value, subject, headers }: OutboxMessage): string {
  let kept = '';
  for (const [name, bytes] of Object.entries(headers)) {
    kept += `${kept === '' ? '' : ','}${JSON.stringify(name)}:${base64(bytes)}`;
  }
  const place = `"topic":${JSON.stringify(topic)},"subject":${JSON.stringify(subject)}`;
  return `{${place},"key":${key === null ? 'null' : base64(key)},"value":${base64(value)},"headers":{${kept}}}`;
}

const base64 = (bytes: Buffer): string => `"${bytes.toString('base64')}"`;

/** An object as JSON that has the fields of both. */
export const joinedJson = (first: string, second: string): string =>
  `${first.slice(0, -1)},${second.slice(1)}`;

/** Adds messages for the bus to the running transaction, in their order. */
export async function insertOutbox(db: Statements, messages: readonly OutboxMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const numbered = messages.map((message, ord) => joinedJson(JSON.stringify({ ord }), outboxJson(message)));
  await db.run(SQL, [`[${numbered.join(',')}]`]);
}

const SQL = `
INSERT INTO communications_outbox (topic, key, value, subject, headers)
SELECT topic, decode(key, 'base64'), decode(value, 'base64'), subject, headers
FROM jsonb_to_recordset($1::jsonb) AS m(ord integer, topic text, key text, value text, subject text, headers jsonb)
ORDER BY ord`;
