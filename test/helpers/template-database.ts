import { migrateUp } from '../../src/store/migrations.js';
import { execute, withDatabase } from './sql.js';

/** @param serverUrl any database of the server */
export async function createTemplateDatabase(serverUrl: string): Promise<string> {
  const name = 'communications_template';
  await execute(serverUrl, `CREATE DATABASE ${name}`);
  const url = withDatabase(serverUrl, name);
  await migrateUp(url);
  return url;
}
