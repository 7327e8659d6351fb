import { type Database, inTransaction, type Tx } from './database.js';

/** Thrown to roll back what went well. */
class Rehearsed extends Error {}

/** As inTransaction; with `dryRun` everything is done, and nothing of it stays. */
export async function rehearsed<T>(
  database: Database,
  { dryRun }: { readonly dryRun: boolean },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  if (!dryRun) return inTransaction(database, work);
  const done: T[] = [];
  try {
    await inTransaction(database, async (tx) => {
      done.push(await work(tx));
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
  const [result] = done;
  if (result === undefined) throw new Error('a dry run ended without a result');
  return result;
}
