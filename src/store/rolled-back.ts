import { type Database, inTransaction, type Tx } from './database.js';

/** Thrown to roll back what went well. */
class RollBack extends Error {}

/** Does the work for its answer alone: whatever it has written is taken back. */
export async function rolledBack<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const results: { readonly value: T }[] = [];
  try {
    await inTransaction(database, async (tx) => {
      results.push({ value: await work(tx) });
      throw new RollBack();
    });
  } catch (error) {
    const [result] = results;
    if (error instanceof RollBack && result !== undefined) return result.value;
    throw error;
  }
  throw new Error('what was to be rolled back was committed');
}

/** As inTransaction; with `dryRun` everything is done, and nothing of it stays. */
export const rehearsed = <T>(
  database: Database,
  { dryRun }: { readonly dryRun: boolean },
  work: (tx: Tx) => Promise<T>,
): Promise<T> => (dryRun ? rolledBack(database, work) : inTransaction(database, work));
