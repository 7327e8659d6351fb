import type { OutboxMessage } from '../domain/outbox-message.js';
import type { Statements } from './database.js';

/** For statements that write outbox rows among others: bytes as base64. */
export function outboxJson({ topic, key, value, subject, headers }: OutboxMessage) {
  return {
    topic,
    key: key?.toString('base64') ?? null,
    value: value.toString('base64'),
    subject,
    headers: base64Of(headers),
  };
}

function base64Of(headers: OutboxMessage['headers']): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) texts[name] = value.toString('base64');
  return texts;
}

/** Adds messages for the bus to the running transaction, in their order. */
export async function insertOutbox(db: Statements, messages: readonly OutboxMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const numbered = messages.map((message, ord) => ({ ord, ...outboxJson(message) }));
  await db.run(SQL, [JSON.stringify(numbered)]);
}

const SQL = `
INSERT INTO communications_outbox (topic, key, value, subject, headers)
SELECT topic, decode(key, 'base64'), decode(value, 'base64'), subject, headers
FROM jsonb_to_recordset($1::jsonb) AS m(ord integer, topic text, key text, value text, subject text, headers jsonb)
ORDER BY ord`;
