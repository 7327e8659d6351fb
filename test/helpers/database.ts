import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { execute, withDatabase } from './sql.js';

export interface ClonedDatabase {
  readonly url: string;
  /** Ends whatever is still connected. */
  drop(): Promise<void>;
}

/** A database of one's own, migrated and empty. Integration and e2e tests only: it needs the running stack. */
export function cloneDatabase(): Promise<ClonedDatabase> {
  return cloneOf(inject('templateDatabaseUrl'));
}

async function cloneOf(templateUrl: string): Promise<ClonedDatabase> {
  const name = `communications_${randomBytes(6).toString('hex')}`;
  const template = new URL(templateUrl).pathname.slice(1);
  const maintenance = withDatabase(templateUrl, 'postgres');
  await execute(maintenance, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: withDatabase(templateUrl, name),
    drop: () => execute(maintenance, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
