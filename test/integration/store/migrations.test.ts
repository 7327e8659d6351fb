import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateDown, migrateUp, migrationStatus } from '../../../src/store/migrations.js';
import { emptyDatabase } from './empty-database.js';

const WITHIN = { timeout: 15_000 };

let database: Awaited<ReturnType<typeof emptyDatabase>>;
beforeEach(async () => {
  database = await emptyDatabase();
});
afterEach(() => database.drop());

async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const tables = () =>
  withClient(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    return rows.map(({ name }) => name.replace('communications_', '')).sort();
  });

const ALL_TABLES = [
  'brake',
  'contact',
  'dead_letter',
  'delivery',
  'email_log',
  'failure',
  'inbox',
  'message_template',
  'migration',
  'outbox',
  'parked',
  'pause',
  'skip',
  'slot',
  'sms_log',
  'worker',
];

describe('the steps of the project', () => {
  it('go up, are reported, and a second run does nothing', async () => {
    expect((await migrationStatus(database.url)).executed).toEqual([]);
    const names = await migrateUp(database.url);
    expect(names[0]).toBe('0001-logs');
    expect(await tables()).toEqual(ALL_TABLES);
    expect(await migrateUp(database.url)).toEqual([]);
    expect(await migrationStatus(database.url)).toEqual({ executed: names, pending: [], unknown: [] });
  });

  it('go down to nothing, and up again', async () => {
    const names = await migrateUp(database.url);
    expect(await migrateDown(database.url)).toEqual(names.slice(-1));
    expect(await migrateDown(database.url, { to: '0001-logs' })).toEqual(names.slice(0, -1).reverse());
    expect(await tables()).toEqual(['migration']);
    expect(await migrateUp(database.url)).toEqual(names);
    expect(await tables()).toEqual(ALL_TABLES);
  });

  it('go back over what they let in: skips per channel, and messages sent again', async () => {
    await migrateUp(database.url);
    await withClient(async (client) => {
      await client.query(`INSERT INTO communications_skip (event_ref, rule, recipient_key, channel, reason)
        SELECT 1, 'a/b', who, channel, 'no_address'
        FROM unnest(ARRAY['user:7', NULL]) who, unnest(ARRAY['email', 'sms', NULL]) channel`);
      for (const [table, columns] of [
        ['email_log', 'recipient, subject'],
        ['sms_log', 'phone_number, message'],
      ]) {
        await client.query(`INSERT INTO communications_${table} (${columns}, template, provider, notification_id, event_ref,
            rule, recipient_key, priority, last_status, resend)
          SELECT '+254712345678', 'x', 'auth_otp', 'sink', gen_random_uuid(), 1, 'a/b', 'user:7', 0, 'QUEUED', n
          FROM generate_series(0, 2) n`);
      }
    });
    await migrateDown(database.url, { to: '0007-channels-slots-brake' });
    const left = await withClient(async (client) => {
      const { rows } =
        await client.query(`SELECT (SELECT count(*) FROM communications_skip)::integer AS skips,
        (SELECT count(*) FROM communications_email_log)::integer AS mails,
        (SELECT count(*) FROM communications_sms_log)::integer AS texts`);
      return rows;
    });
    expect(left).toEqual([{ skips: 2, mails: 1, texts: 1 }]);
    expect(await migrateUp(database.url)).toContain('0007-channels-slots-brake');
  });

  it('are run once when ten instances start together', async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => migrateUp(database.url)));
    const { executed } = await migrationStatus(database.url);
    expect(runs.flat().sort()).toEqual([...executed]);
  });
});

describe('a migration', () => {
  let folder: string;
  const put = (name: string, up: string) => {
    writeFileSync(join(folder, name), `-- migrate:up\n${up}\n-- migrate:down\nSELECT 1;\n`);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('that fails leaves nothing of itself, and what came before it', async () => {
    put('0001-good.sql', 'CREATE TABLE good ();');
    put('0002-bad.sql', 'CREATE TABLE half ();\nSELECT 1 / 0;');
    await expect(migrateUp(database.url, { folder })).rejects.toThrow(/0002-bad.*division by zero/s);
    expect(await tables()).toEqual(['good', 'migration']);
    expect(await migrationStatus(database.url, { folder })).toMatchObject({
      executed: ['0001-good'],
      pending: ['0002-bad'],
    });
    put('0002-bad.sql', 'CREATE TABLE whole ();');
    expect(await migrateUp(database.url, { folder })).toEqual(['0002-bad']);
  });

  it('of a newer program is reported as unknown', async () => {
    put('0001-good.sql', 'CREATE TABLE good ();');
    put('0002-newer.sql', 'CREATE TABLE newer ();');
    await migrateUp(database.url, { folder });
    rmSync(join(folder, '0002-newer.sql'));
    expect((await migrationStatus(database.url, { folder })).unknown).toEqual(['0002-newer']);
  });

  it('waits for another instance, and says so when that takes too long', async () => {
    put('0001-slow.sql', 'CREATE TABLE slow ();\nSELECT pg_sleep(1);');
    const slow = migrateUp(database.url, { folder });
    await withClient(async (client) => {
      const advisoryLocks = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      await expect.poll(async () => (await client.query(advisoryLocks)).rowCount, WITHIN).toBe(1);
    });
    await expect(migrateUp(database.url, { folder, lockWaitMs: 0 })).rejects.toThrow('pg_stat_activity');
    expect(await migrateUp(database.url, { folder })).toEqual([]);
    expect(await slow).toEqual(['0001-slow']);
  });

  it('leaves no lock behind when its instance dies', async () => {
    put('0001-slow.sql', 'CREATE TABLE slow ();\nSELECT pg_sleep(30);');
    const dying = migrateUp(database.url, { folder });
    const died = expect(dying).rejects.toThrow('0001-slow');
    await withClient(async (client) => {
      const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'chesanto-communications-migrate' AND query LIKE '%pg_sleep(30)%'
          AND datname = current_database()`;
      await expect.poll(async () => (await client.query(kill)).rowCount, WITHIN).toBe(1);
    });
    await died;
    put('0001-slow.sql', 'CREATE TABLE slow ();');
    expect(await migrateUp(database.url, { folder, lockWaitMs: 2_000 })).toEqual(['0001-slow']);
  });
});

describe('an unreachable database', () => {
  it('is named without its password', async () => {
    const failure = migrateUp('postgres://someone:hunter2@127.0.0.1:1/nowhere');
    await expect(failure).rejects.toThrow(
      /cannot reach the database at 127\.0\.0\.1:1\/nowhere: .*ECONNREFUSED.*DATABASE_URL/,
    );
    await expect(failure).rejects.not.toThrow('hunter2');
  });

  it('is told from one that does not exist', async () => {
    const url = new URL(database.url);
    url.pathname = '/not_there';
    await expect(migrateUp(url.href)).rejects.toThrow('database "not_there" does not exist');
  });
});
