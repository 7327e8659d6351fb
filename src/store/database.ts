import pg from 'pg';
import { Sequelize, type Transaction } from 'sequelize';
import type { Row } from './columns.js';
import { DatabaseUnavailable, databaseFailure, sqlState } from './database-failure.js';
import { safeIntegerTypes } from './safe-integers.js';

const CONNECT_TIMEOUT_MS = 5_000;
const ACQUIRE_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/**
 * Between two statements of a transaction there is only our own work: who is silent for longer is frozen, and what it has
 * locked (a brake's count, a slot) must not hold up the others for as long as a statement may take.
 */
const IDLE_IN_TRANSACTION_MS = 10_000;
/**
 * Prepared statements are planned anew each time, for the tables as they are: a plan that is kept from when the queue was
 * empty reads all of a full one until somebody analyses it (20,000 messages: a claim took 0.7 s instead of 10 ms).
 */
const PLANNED_EACH_TIME = 'plan_cache_mode=force_custom_plan';
/**
 * Or once a second, so that a bad plan lasts no longer: planning was a third of what recording and claiming ten messages
 * took the database (1.7 of 5.5 ms).
 */
const PLANNED_ONCE = 'plan_cache_mode=force_generic_plan';
const PLANS_KEPT_MS = 1_000;
/** At connection time rather than per transaction: one round trip less in each. */
const SESSION = 'default_transaction_isolation=read\\ committed';
/** Our own patience is longer than the server's, so that it only ends what a dead network left hanging. */
const CLIENT_PATIENCE = 7 / 6;

export interface DatabaseOptions {
  /** postgres://user:password@host:port/name */
  readonly url: string;
  /** Most connections held at once. */
  readonly poolSize: number;
  /** Told of connections that break; the pool replaces them by itself. */
  readonly onError: (error: Error) => void;
  readonly applicationName?: string;
  /** Plans of named statements serve for a second; for connections that run only few statements, again and again. */
  readonly keepPlans?: true;
  /** For a statement and a whole transaction, 30 s unless given; for an idle one 10 s at most. */
  readonly statementTimeoutMs?: number;
}

/** Any zod schema, or a function's `parse`, that turns one raw row into T or throws. */
export interface RowParser<T> {
  parse(row: Row): T;
}

/**
 * Statements on one connection. Placeholders are `$1`, `$2` …; arrays become PostgreSQL arrays, plain objects
 * JSON, Buffers bytea or what `binaryArray` made of them, Dates timestamptz. Rows come with bigint as number (refused beyond 2^53 - 1), numeric as
 * string, timestamptz as Date, bytea as Buffer, json parsed.
 */
export interface Statements {
  rows<T>(sql: string, bind: readonly unknown[], row: RowParser<T>, limits?: StatementOptions): Promise<T[]>;
  /** How many rows the statement touched. */
  run(sql: string, bind?: readonly unknown[], limits?: StatementOptions): Promise<number>;
}

export interface StatementOptions {
  /**
   * Parsed and analysed once on each connection, under this name: for what runs for every batch of messages. One
   * name, one text.
   */
  readonly name?: string;
  /**
   * How long we wait for the answer, for what must not wait until a connection that died in silence is known
   * to be dead. Afterwards the connection is destroyed and the failure is an outage: the statement may come
   * about all the same, so it must bear being repeated.
   */
  readonly timeoutMs?: number;
}

export interface Tx extends Statements {
  /** For models: `{ transaction: tx.transaction }`. */
  readonly transaction: Transaction;
}

/** Its own `rows` and `run` are single statements, committed at once. */
export interface Database extends Statements {
  readonly sequelize: Sequelize;
  /** @throws what `databaseFailure` calls an outage when no answer comes. */
  ping(limits?: StatementOptions): Promise<void>;
  /** Waits for connections in use to be given back. */
  close(): Promise<void>;
}

/** Connects lazily: opening succeeds even when the database is away. */
export function openDatabase(options: DatabaseOptions): Database {
  const timeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const sequelize = new Sequelize(options.url, {
    dialect: 'postgres',
    dialectModule: Object.create(pg, {
      types: { value: safeIntegerTypes },
      Client: { value: clientThatTells(options.onError) },
    }),
    logging: false,
    timezone: '+00:00',
    pool: { max: options.poolSize, min: 0, idle: 60_000, acquire: ACQUIRE_TIMEOUT_MS },
    dialectOptions: {
      application_name: options.applicationName ?? 'chesanto-communications',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      statement_timeout: timeoutMs,
      idle_in_transaction_session_timeout: Math.min(timeoutMs, IDLE_IN_TRANSACTION_MS),
      query_timeout: timeoutMs * CLIENT_PATIENCE,
      options: `-c ${SESSION} -c ${options.keepPlans ? PLANNED_ONCE : PLANNED_EACH_TIME}`,
    },
    define: { timestamps: false, freezeTableName: true, underscored: true },
  });
  sequelize.addHook('afterConnect', async (connection: unknown) => {
    // The setting came with PostgreSQL 17; as a start option an older server would refuse the connection.
    await pgClient(connection).query(
      `SELECT set_config('transaction_timeout', $1, false)
        WHERE current_setting('server_version_num')::int >= 170000`,
      [`${timeoutMs}ms`],
    );
  });

  const letGoOfOldPlans = options.keepPlans ? createPlanKeeper() : null;
  const query: Query = (sql, bind, limits) =>
    onConnection(sequelize, async (queryThere, connection) => {
      await letGoOfOldPlans?.(connection, queryThere, limits?.timeoutMs);
      return queryThere(sql, bind, limits);
    });
  return {
    ...statementsOf(query),
    sequelize,
    ping: async (limits) => {
      await query('SELECT 1', [], limits);
    },
    close: () => sequelize.close(),
  };
}

/**
 * Listens from its first moment: Sequelize does so once it is connected, and a server that ends a connection in one piece
 * with opening it (a failover, pg_terminate_backend) would end the process.
 */
function clientThatTells(onError: (error: Error) => void): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      this.on('error', onError);
    }
  };
}

/**
 * READ COMMITTED; commits when `work` fulfils, rolls back when it rejects. A statement that failed fails the whole
 * even if `work` swallowed its error, since PostgreSQL would answer COMMIT with a silent rollback.
 * @throws what `databaseFailure` tells apart; after an outage it may have been committed all the same.
 */
export async function inTransaction<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const progress = { working: false };
  try {
    return await database.sequelize.transaction(async (transaction) => {
      const failures: unknown[] = [];
      const query = queryOn(Reflect.get(transaction, 'connection'), (error) => failures.push(error));
      progress.working = true;
      const result = await work({ ...statementsOf(query), transaction });
      if (failures.length > 0) throw failures[0];
      progress.working = false;
      return result;
    });
  } catch (error) {
    throw progress.working ? error : asDatabaseError(error);
  }
}

type Query = (
  sql: string,
  bind: readonly unknown[],
  limits?: StatementOptions,
) => Promise<pg.QueryResult<Record<string, unknown>>>;

function statementsOf(query: Query): Statements {
  return {
    rows: async (sql, bind, row, limits) =>
      (await query(sql, bind, limits)).rows.map((raw) => row.parse(raw)),
    run: async (sql, bind = [], limits) => (await query(sql, bind, limits)).rowCount ?? 0,
  };
}

/** Lets go of a connection's plans once they are old. @returns a function that takes no longer than `timeoutMs`, if given */
function createPlanKeeper() {
  const since = new WeakMap<object, number>();
  return async (connection: object, query: Query, timeoutMs: number | undefined): Promise<void> => {
    const now = performance.now();
    if (now - (since.get(connection) ?? Number.NEGATIVE_INFINITY) < PLANS_KEPT_MS) return;
    since.set(connection, now);
    await query('DISCARD PLANS', [], timeoutMs === undefined ? {} : { timeoutMs });
  };
}

async function onConnection<T>(
  sequelize: Sequelize,
  work: (query: Query, connection: object) => Promise<T>,
): Promise<T> {
  const connection = await sequelize.connectionManager
    .getConnection({ type: 'write' })
    .catch((error: unknown) => Promise.reject(asDatabaseError(error)));
  let broken = false;
  try {
    const query = queryOn(connection, (error) => {
      broken = error instanceof DatabaseUnavailable;
    });
    return await work(query, connection);
  } finally {
    if (broken) await sequelize.connectionManager.destroyConnection(connection);
    else sequelize.connectionManager.releaseConnection(connection);
  }
}

/**
 * Part of the name of every prepared statement. Where the server refuses one (a migration changed its columns, a pooler
 * forgot it), the driver would repeat the refused name on that connection for ever.
 */
let preparation = 1;
const REFUSED_STATEMENT = ['0A000', '26000'];

/** Straight through the driver: Sequelize's own `query` rewrites placeholders and NUL characters. */
function queryOn(connection: unknown, failed: (error: unknown) => void): Query {
  const client = pgClient(connection);
  return async (sql, bind, { name, timeoutMs } = {}) => {
    const limit = timeoutMs === undefined ? {} : { query_timeout: timeoutMs };
    const prepared = name === undefined ? {} : { name: `${name}-${preparation}` };
    try {
      return await client.query<Record<string, unknown>>({
        text: sql,
        values: [...bind],
        ...prepared,
        ...limit,
      });
    } catch (cause) {
      if (name !== undefined && REFUSED_STATEMENT.includes(sqlState(cause) ?? '')) preparation += 1;
      const error = asDatabaseError(cause);
      failed(error);
      throw error;
    }
  };
}

/** For what can only come from the database: the driver reports a lost connection by an Error like any other. */
function asDatabaseError(cause: unknown): unknown {
  if (databaseFailure(cause) !== undefined) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseUnavailable(
    `the database gave no answer (${why}): look at its host and at DATABASE_URL`,
    {
      cause,
    },
  );
}

function pgClient(connection: unknown): pg.Client {
  if (connection instanceof pg.Client) return connection;
  throw new TypeError('Sequelize handed out something other than a pg client: check the versions of both');
}
