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

type PoolConfig = Pick<Config, 'databaseUrl' | 'databasePoolSize'>;

/** One for each of those who record: two channels, two lanes each. */
const RECORDING = 4;
/** With fewer nobody has any of their own: one that died in silence would hold up all who record. */
const FEW = 10;

/** How many connections each may hold, of DATABASE_POOL_SIZE in all. */
export function poolSizes(all: number): {
  readonly bus: number;
  readonly others: number;
  readonly recording: number;
} {
  const bus = Math.floor(all / 2);
  const rest = all - bus;
  const recording = rest < FEW ? 0 : RECORDING;
  return { bus, others: rest - recording, recording };
}

/** For all but the bus side. Who records has connections of their own, whose plans are kept. */
export function openDatabases({ databaseUrl: url, databasePoolSize }: PoolConfig, log: Log): Databases {
  const onError = told(log);
  const sizes = poolSizes(databasePoolSize);
  const database = openDatabase({ url, poolSize: sizes.others, onError });
  if (sizes.recording === 0) return { database, recording: database, pools: [database] };
  const recording = openDatabase({ url, poolSize: sizes.recording, onError, keepPlans: true });
  return { database, recording, pools: [database, recording] };
}

/** For what is read from the bus, and published to it. */
export const openBusDatabase = ({ databaseUrl: url, databasePoolSize }: PoolConfig, log: Log): Database =>
  openDatabase({ url, poolSize: poolSizes(databasePoolSize).bus, onError: told(log) });

const told = (log: Log) => (error: Error) => log.warn('a database connection broke', {}, error);
