import { join } from 'node:path';
import pg from 'pg';
import { Umzug } from 'umzug';
import { projectRoot } from '../project-root.js';
import { DatabaseUnavailable } from './database-failure.js';
import { type MigrationFile, readMigrationFiles } from './migration-files.js';
import { takeMigrationLock } from './migration-lock.js';

const CONNECT_TIMEOUT_MS = 5_000;
const LOCK_WAIT_MS = 60_000;

export interface MigrationOptions {
  /** Folder of the steps; the project's own unless given. */
  readonly folder?: string;
  /** How long to wait for another instance that is migrating. */
  readonly lockWaitMs?: number;
}

export interface MigrationStatus {
  readonly executed: readonly string[];
  readonly pending: readonly string[];
  /** Executed here, but without a file: the database is ahead of this program. */
  readonly unknown: readonly string[];
}

/** Applies what is pending, each step in a transaction together with its record. @returns their names. */
export async function migrateUp(databaseUrl: string, options: MigrationOptions = {}): Promise<string[]> {
  return migrating(databaseUrl, options, async (umzug) => names(await umzug.up()));
}

/**
 * Reverts the last `steps` steps (1 unless given), or every step down to and including `to`. Drops tables.
 * @returns the names, last first.
 */
export async function migrateDown(
  databaseUrl: string,
  { to, steps = 1, ...options }: MigrationOptions & { readonly to?: string; readonly steps?: number } = {},
): Promise<string[]> {
  return migrating(databaseUrl, options, async (umzug) =>
    names(await umzug.down(to === undefined ? { step: steps } : { to })),
  );
}

/** Reads only: it makes no table and waits for no lock. */
export async function migrationStatus(
  databaseUrl: string,
  { folder = migrationsFolder() }: MigrationOptions = {},
): Promise<MigrationStatus> {
  const files = (await readMigrationFiles(folder)).map(({ name }) => name);
  const executed = await withClient(databaseUrl, executedMigrations);
  return {
    executed: files.filter((name) => executed.includes(name)),
    pending: files.filter((name) => !executed.includes(name)),
    unknown: executed.filter((name) => !files.includes(name)),
  };
}

const migrationsFolder = (): string => join(projectRoot(), 'migrations');

const names = (migrations: readonly { readonly name: string }[]): string[] =>
  migrations.map(({ name }) => name);

async function migrating<T>(
  databaseUrl: string,
  { folder = migrationsFolder(), lockWaitMs = LOCK_WAIT_MS }: MigrationOptions,
  work: (umzug: Umzug) => Promise<T>,
): Promise<T> {
  const files = await readMigrationFiles(folder);
  return withClient(databaseUrl, async (client) => {
    await takeMigrationLock(client, lockWaitMs);
    return work(umzugOf(client, files));
  });
}

function umzugOf(client: pg.Client, files: readonly MigrationFile[]): Umzug {
  const recordedWithStep = async () => {};
  return new Umzug({
    migrations: files.map(({ name, up, down }) => ({
      name,
      up: () =>
        step(client, up, `INSERT INTO communications_migration (name) VALUES (${pg.escapeLiteral(name)})`),
      down: () =>
        step(client, down, `DELETE FROM communications_migration WHERE name = ${pg.escapeLiteral(name)}`),
    })),
    storage: {
      executed: async () => {
        await client.query(TABLE);
        return executedMigrations(client);
      },
      logMigration: recordedWithStep,
      unlogMigration: recordedWithStep,
    },
    logger: undefined,
  });
}

const TABLE = `CREATE TABLE IF NOT EXISTS communications_migration (
  name        varchar(255) PRIMARY KEY,
  executed_at timestamptz NOT NULL DEFAULT now()
)`;

/** One message without BEGIN is one transaction, also when the connection breaks in its midst. */
async function step(client: pg.Client, sql: string, record: string): Promise<void> {
  await client.query(`${sql}\n;${record}`);
}

async function executedMigrations(client: pg.Client): Promise<string[]> {
  const table = await client.query<{ there: boolean }>(
    `SELECT to_regclass('communications_migration') IS NOT NULL AS there`,
  );
  if (table.rows[0]?.there !== true) return [];
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM communications_migration ORDER BY name',
  );
  return rows.map(({ name }) => name);
}

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'chesanto-communications-migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A broken connection also fails the statement under way; without a listener it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (cause) {
    throw new DatabaseUnavailable(
      `cannot reach the database at ${whereOf(client)}: ${whyOf(cause)}. Look at DATABASE_URL`,
      {
        cause,
      },
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Without user and password. */
const whereOf = ({ host, port, database }: pg.Client): string => `${host}:${port}/${database ?? ''}`;

/** Where a name has several addresses Node's error is an AggregateError without a message. */
function whyOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(whyOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
