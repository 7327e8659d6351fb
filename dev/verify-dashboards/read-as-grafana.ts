import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { projectRoot } from '../../src/project-root.js';

const ROLE_FILE = join(projectRoot(), 'grafana', 'read-only-role.sql');

export interface Reader {
  /** How many rows. */
  count(sql: string): Promise<number>;
  close(): Promise<void>;
}

/** Makes the role as an operator does, and reads under it. */
export async function openReader(databaseUrl: string): Promise<Reader> {
  const password = 'for-this-run';
  const owner = new Client({
    connectionString: databaseUrl,
    options: `-c communications.reader_password=${password}`,
  });
  await owner.connect();
  await owner.query(readFileSync(ROLE_FILE, 'utf8'));
  await owner.end();

  const url = new URL(databaseUrl);
  url.username = 'communications_reader';
  url.password = password;
  const reader = new Client({ connectionString: url.href });
  await reader.connect();
  return {
    count: async (sql) => (await reader.query(sql)).rowCount ?? 0,
    close: () => reader.end(),
  };
}
