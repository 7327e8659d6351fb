import type { Config } from '../config/config.js';
import type { Log } from '../observability/log.js';
import { type Database, openDatabase } from '../store/database.js';

export interface Databases {
  readonly database: Database;
  /** The same one, for the few statements that record results: their plans are kept. */
  readonly recording: Database;
}

/** One for each of those who record: two channels, two lanes each. */
const MOST_RECORDING = 4;

/** Both together hold no more connections than DATABASE_POOL_SIZE says. */
export function openDatabases(
  { databaseUrl: url, databasePoolSize }: Pick<Config, 'databaseUrl' | 'databasePoolSize'>,
  log: Log,
): Databases {
  const recording = Math.min(MOST_RECORDING, Math.floor(databasePoolSize / 4));
  const onError = (error: Error) => log.warn('a database connection broke', {}, error);
  return {
    database: openDatabase({ url, poolSize: databasePoolSize - recording, onError }),
    recording: openDatabase({ url, poolSize: recording, onError, keepPlans: true }),
  };
}
