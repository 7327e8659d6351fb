import { Client } from 'pg';
import { expect, test } from 'vitest';
import { cloneDatabase } from '../../helpers/database.js';

test('each clone of the template database is migrated and keeps what is written to itself', async () => {
  const [one, other] = await Promise.all([cloneDatabase(), cloneDatabase()]);
  const insert =
    "INSERT INTO communications_message_template (name, type, template_path, required_context) VALUES ('auth_otp', 'EMAIL', 'auth/otp', '[]')";
  await ask(one.url, insert);

  expect(await ask(one.url, 'SELECT name FROM communications_message_template')).toEqual([
    { name: 'auth_otp' },
  ]);
  expect(await ask(other.url, 'SELECT name FROM communications_message_template')).toEqual([]);
  await Promise.all([one.drop(), other.drop()]);
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
