import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { execute, withDatabase } from '../../helpers/sql.js';

/** A database without a table. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const maintenance = withDatabase(inject('templateDatabaseUrl'), 'postgres');
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await execute(maintenance, `CREATE DATABASE ${name}`);
  return {
    url: withDatabase(maintenance, name),
    drop: () => execute(maintenance, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}
