import type { Config } from '../config/config.js';
import type { Log } from '../observability/log.js';
import { type Database, openDatabase } from '../store/database.js';

export interface Databases {
  readonly database: Database;
  /** The same one, for the few statements that record results. */
  readonly recording: Database;
  /** Each pool once. */
  readonly pools: readonly Database[];
}

/** One for each of those who record: two channels, two lanes each. */
const RECORDING = 4;
/** With fewer nobody has any of their own: one that died in silence would hold up all who record. */
const FEW = 12;

/** Who records has connections of their own, whose plans are kept. All together hold no more than DATABASE_POOL_SIZE. */
export function openDatabases(
  { databaseUrl: url, databasePoolSize }: Pick<Config, 'databaseUrl' | 'databasePoolSize'>,
  log: Log,
): Databases {
  const onError = (error: Error) => log.warn('a database connection broke', {}, error);
  if (databasePoolSize < FEW) {
    const database = openDatabase({ url, poolSize: databasePoolSize, onError });
    return { database, recording: database, pools: [database] };
  }
  const database = openDatabase({ url, poolSize: databasePoolSize - RECORDING, onError });
  const recording = openDatabase({ url, poolSize: RECORDING, onError, keepPlans: true });
  return { database, recording, pools: [database, recording] };
}
