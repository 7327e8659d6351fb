import { Client } from 'pg';
import { z } from 'zod';

/** Rows of one query, on a connection of its own. */
export async function select<T>(
  databaseUrl: string,
  row: z.ZodType<T>,
  sql: string,
  bind: readonly unknown[] = [],
): Promise<T[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(sql, [...bind]);
    return z.array(row).parse(rows);
  } finally {
    await client.end();
  }
}
