import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Database, inTransaction } from '../../src/store/database.js';

const LOOK_EVERY_MS = 10;

/** For people, with which the same can be done. */
export const switchStatement = (name: string, active: boolean): string =>
  `UPDATE communications_message_template SET is_active = ${active} WHERE name = '${name}'`;

/**
 * Switches a template, and returns when the running service knows. It looks every second: the table is kept shut
 * until it comes to look, so that it sees the change at once and nobody has to guess when.
 */
export async function switchTemplate(database: Database, name: string, active: boolean): Promise<void> {
  await inTransaction(database, async (tx) => {
    await tx.run('LOCK TABLE communications_message_template IN ACCESS EXCLUSIVE MODE');
    await tx.run(switchStatement(name, active));
    while (!(await somebodyWaits(database))) await delay(LOOK_EVERY_MS);
  });
  while (await somebodyWaits(database)) await delay(LOOK_EVERY_MS);
}

const waiting = z.object({ waiting: z.boolean() });

async function somebodyWaits(database: Database): Promise<boolean> {
  const [row] = await database.rows(SQL, [], waiting);
  return row?.waiting ?? false;
}

const SQL = `
SELECT EXISTS (
  SELECT FROM pg_locks
  WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relation = 'communications_message_template'::regclass AND NOT granted
) AS waiting`;
