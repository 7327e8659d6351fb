import { type Database, inTransaction, type Tx } from '../store/database.js';

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
