import { isTransient } from './database-failure.js';

const TRIES = 5;

/** Does work again that lost to another transaction (SQLSTATE 40): it may pass at once. */
export async function retryingDeadlocks<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || tries === TRIES) throw error;
    }
  }
}
