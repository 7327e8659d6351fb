import { databaseFailure } from './database-failure.js';

const FIRST_MS = 100;
const LONGEST_MS = 2_000;

/**
 * Repeats `work` until the database takes it: for what must be written however long that takes.
 * @throws what is no outage: the same work would fail again
 */
export async function untilAvailable<T>(
  work: () => Promise<T>,
  onWait: (error: unknown) => void,
): Promise<T> {
  for (let delay = FIRST_MS; ; delay = Math.min(delay * 2, LONGEST_MS)) {
    try {
      return await work();
    } catch (error) {
      const failure = databaseFailure(error);
      if (failure !== 'outage' && failure !== 'retry') throw error;
      onWait(error);
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}
