import { join } from 'node:path';
import { projectRoot } from '../project-root.js';
import { readMigrationFiles } from './migration-files.js';
import { migrationStatus } from './migrations.js';

/** A step that is to be reverted, and what goes with it. */
export interface PlannedDown {
  readonly name: string;
  /** Such as `table communications_brake`. */
  readonly lost: readonly string[];
}

/** What reverting the last `steps` steps would come to, in that order. */
export async function plannedDown(databaseUrl: string, steps: number): Promise<PlannedDown[]> {
  const { executed } = await migrationStatus(databaseUrl);
  const files = await readMigrationFiles(join(projectRoot(), 'migrations'));
  const last = executed.slice(-steps).reverse();
  return last.map((name) => ({ name, lost: lostBy(files.find((file) => file.name === name)?.down ?? '') }));
}

const STATEMENT = /\b(DROP TABLE|ALTER TABLE|DELETE FROM)\s+(?:IF EXISTS\s+)?(\w+)([^;]*)/g;
const COLUMN = /\bDROP COLUMN\s+(\w+)/g;

/** Of the tables, columns and rows that a way back takes away. */
export function lostBy(down: string): string[] {
  return [...down.matchAll(STATEMENT)].flatMap(([, action, table = '', rest = '']) => {
    if (action === 'DROP TABLE') return [`table ${table}`];
    if (action === 'DELETE FROM') return [`rows of ${table} that older builds can not read`];
    return [...rest.matchAll(COLUMN)].map(([, column = '']) => `column ${column} of ${table}`);
  });
}
