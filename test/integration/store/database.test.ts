import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inTransaction, openDatabase } from '../../../src/store/database.js';
import { databaseFailure, isTransient, sqlState } from '../../../src/store/database-failure.js';
import { openTcpProxy } from '../../helpers/tcp-proxy.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
const anything = z.record(z.string(), z.unknown());
const one = async (sql: string, bind: readonly unknown[] = []) =>
  (await store.database.rows(sql, bind, anything))[0];
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('it was expected to fail')),
    (error: unknown) => error,
  );

describe('rows', () => {
  it('come with their types', async () => {
    const row = await one(
      `SELECT 9007199254740991::bigint AS big, count(*) AS n, 1.50::numeric AS cost, $1::bytea AS bytes,
              $2::timestamptz AS at, $3::jsonb AS json, $4::bigint[] AS ids, null::bigint AS nothing`,
      [Buffer.from([0, 255]), new Date(1_700_000_000_123), { a: ['ü'] }, [1, 2]],
    );
    expect(row).toEqual({
      big: 9_007_199_254_740_991,
      n: 1,
      cost: '1.50',
      bytes: Buffer.from([0, 255]),
      at: new Date(1_700_000_000_123),
      json: { a: ['ü'] },
      ids: [1, 2],
      nothing: null,
    });
  });

  it('are refused when a number would be rounded', async () => {
    await expect(one('SELECT 9007199254740993::bigint AS id')).rejects.toThrow('beyond 2^53 - 1');
    expect(await one('SELECT 1 AS still_usable')).toEqual({ still_usable: 1 });
  });

  it('are checked by the schema given', async () => {
    const rows = store.database.rows(`SELECT 'x' AS id`, [], z.object({ id: z.number() }));
    await expect(rows).rejects.toThrow('expected number');
  });
});

describe('a connection', () => {
  it('has its limits and its clock set', async () => {
    const row = await one(
      `SELECT current_setting('statement_timeout') AS statement, current_setting('TimeZone') AS zone,
              current_setting('idle_in_transaction_session_timeout') AS idle,
              current_setting('transaction_isolation') AS isolation,
              current_setting('application_name') AS name,
              current_setting('server_version_num')::int >= 170000 AS modern,
              current_setting('transaction_timeout', true) AS transaction`,
    );
    expect(row).toMatchObject({
      statement: '30s',
      idle: '10s',
      isolation: 'read committed',
      name: 'chesanto-communications',
    });
    expect(row?.['zone']).toMatch(/^(UTC|<\+00>-00)/);
    if (row?.['modern'] === true) expect(row['transaction']).toBe('30s');
  });

  it('that breaks is replaced, and its owner told', async () => {
    const broken: Error[] = [];
    const database = openDatabase({ url: store.url, poolSize: 1, onError: (error) => broken.push(error) });
    const pid = (await database.rows('SELECT pg_backend_pid() AS pid', [], z.object({ pid: z.number() })))[0];
    await store.database.run('SELECT pg_terminate_backend($1)', [pid?.pid]);
    await expect.poll(() => broken.length, { timeout: 15_000 }).toBeGreaterThan(0);
    await database.ping();
    await database.close();
  });

  it('is given back after every kind of failure', async () => {
    const database = openDatabase({ url: store.url, poolSize: 1, onError: () => {} });
    await failureOf(database.run('SELECT 1 / 0'));
    await failureOf(database.rows('SELECT 1 AS a', [], z.object({ b: z.string() })));
    await failureOf(database.run('SELECT pg_terminate_backend(pg_backend_pid())'));
    await failureOf(inTransaction(database, (tx) => tx.run('SELECT pg_terminate_backend(pg_backend_pid())')));
    await failureOf(inTransaction(database, (tx) => tx.run('SELECT 1 / 0')));
    await database.ping();
    await database.close();
  });
});

describe('a network that swallows everything', () => {
  it('fails what waits for it, and leaves a pool that works when it is back', async () => {
    const proxy = await openTcpProxy(store.url);
    const database = openDatabase({
      url: proxy.url,
      poolSize: 1,
      onError: () => {},
      statementTimeoutMs: 300,
    });
    await database.ping();
    proxy.silence();
    expect(databaseFailure(await failureOf(database.ping()))).toBe('outage');
    await proxy.restore();
    await database.ping();
    proxy.silence();
    expect(databaseFailure(await failureOf(inTransaction(database, (tx) => tx.run('SELECT 1'))))).toBe(
      'outage',
    );
    await proxy.restore();
    expect(await inTransaction(database, (tx) => tx.run('SELECT 1'))).toBe(1);
    await database.close();
    await proxy.close();
  });
});

describe('a connection that dies in silence', () => {
  it('holds up a statement no longer than its own limit, and goes: the next one passes', async () => {
    const proxy = await openTcpProxy(store.url);
    const database = openDatabase({ url: proxy.url, poolSize: 1, onError: () => {} });
    await database.ping();
    proxy.silence();
    const asked = performance.now();
    const failure = await failureOf(database.run('SELECT 1', [], { timeoutMs: 200 }));
    expect(databaseFailure(failure)).toBe('outage');
    expect(performance.now() - asked).toBeLessThan(2_000);
    await proxy.restore();
    expect(await database.run('SELECT 1')).toBe(1);
    await database.close();
    await proxy.close();
  });
});

describe('a server that ends a connection as it opens', () => {
  it('in one piece with saying that it is ready, ends nothing else: it is an outage, and told', async () => {
    const proxy = await openTcpProxy(store.url);
    const told: Error[] = [];
    const database = openDatabase({ url: proxy.url, poolSize: 1, onError: (error) => told.push(error) });
    const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
    const fields = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0';
    const ended = Buffer.concat([Buffer.from([0x45, 0, 0, 0, 4 + fields.length]), Buffer.from(fields)]);
    proxy.spoil((chunk) => (chunk.subarray(-6).equals(ready) ? Buffer.concat([chunk, ended]) : chunk));
    expect(databaseFailure(await failureOf(database.ping()))).toBe('outage');
    expect(told.map(sqlState)).toContain('57P01');

    await proxy.restore();
    await database.ping();
    await database.close();
    await proxy.close();
  });
});

describe('a network that dies while a connection is set up', () => {
  it('is an outage, for single statements and transactions', async () => {
    const proxy = await openTcpProxy(store.url);
    const database = openDatabase({
      url: proxy.url,
      poolSize: 1,
      onError: () => {},
      statementTimeoutMs: 300,
    });
    for (const use of [() => database.ping(), () => inTransaction(database, (tx) => tx.run('SELECT 1'))]) {
      proxy.silenceAt('transaction_timeout');
      expect(databaseFailure(await failureOf(use()))).toBe('outage');
      await proxy.restore();
    }
    await database.ping();
    await database.close();
    await proxy.close();
  });
});

describe('a transaction', () => {
  it('commits statements and models together', async () => {
    await inTransaction(store.database, async (tx) => {
      await tx.run(
        `INSERT INTO communications_slot (rule, key, event_time, event_ref) VALUES ('a/b', $1, now(), 1)`,
        [Buffer.from('k')],
      );
      const [held] = await store.database.sequelize.query('SELECT rule FROM communications_slot', {
        transaction: tx.transaction,
      });
      expect(held).toEqual([{ rule: 'a/b' }]);
    });
    expect(await one('SELECT count(*) AS n FROM communications_slot')).toEqual({ n: 1 });
  });

  it('leaves nothing when its work fails', async () => {
    const work = inTransaction(store.database, async (tx) => {
      await tx.run(
        `INSERT INTO communications_slot (rule, key, event_time, event_ref) VALUES ('c/d', $1, now(), 1)`,
        [Buffer.from('k')],
      );
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await one(`SELECT count(*) AS n FROM communications_slot WHERE rule = 'c/d'`)).toEqual({ n: 0 });
  });

  it('does not pass for committed when the work swallowed the error of a statement', async () => {
    const work = inTransaction(store.database, async (tx) => {
      await tx.run('SELECT 1 / 0').catch(() => 0);
      return 'done';
    });
    await expect(work).rejects.toThrow('division by zero');
  });

  it('is committed once and only once its promise is fulfilled', async () => {
    const other = new Client({ connectionString: store.url });
    await other.connect();
    const seen = async () =>
      (await other.query(`SELECT 1 FROM communications_slot WHERE rule = 'e/f'`)).rowCount;
    await inTransaction(store.database, async (tx) => {
      await tx.run(
        `INSERT INTO communications_slot (rule, key, event_time, event_ref) VALUES ('e/f', 'k', now(), 1)`,
      );
      expect(await seen()).toBe(0);
    });
    expect(await seen()).toBe(1);
    await other.end();
  });
});

describe('a failure', () => {
  it.each([
    [
      'text too long',
      `INSERT INTO communications_slot (rule, key, event_time, event_ref) VALUES (repeat('x', 101), '', now(), 1)`,
      [],
      '22001',
    ],
    ['NUL in text', 'SELECT $1::text', ['a\0b'], '22021'],
    ['NUL in json', 'SELECT $1::jsonb', [JSON.stringify({ a: 'a\0b' })], '22P05'],
    ['a lone surrogate in json', 'SELECT $1::jsonb', [JSON.stringify({ a: '\ud800' })], '22P02'],
    ['a number out of range', 'SELECT $1::int', ['99999999999'], '22003'],
    [
      'a null that may not be',
      `INSERT INTO communications_slot (rule, key, event_time) VALUES ('a', '', now())`,
      [],
      '23502',
    ],
    [
      'a word no check allows',
      `INSERT INTO communications_message_template (name, type, template_path) VALUES ('a', 'FAX', '')`,
      [],
      '23514',
    ],
  ])('of the data (%s) is told', async (_what, sql, bind, state) => {
    const error = await failureOf(store.database.run(sql, bind));
    expect(sqlState(error)).toBe(state);
    expect(databaseFailure(error)).toBe('data');
    expect(databaseFailure(await failureOf(inTransaction(store.database, (tx) => tx.run(sql, bind))))).toBe(
      'data',
    );
  });

  it('of the data is told from within an error of Sequelize', async () => {
    const error = await failureOf(store.database.sequelize.query('SELECT 1 / 0'));
    expect(sqlState(error)).toBe('22012');
    expect(databaseFailure(error)).toBe('data');
  });

  it('by deadlock is to be tried again', async () => {
    await store.database.run(
      `INSERT INTO communications_slot (rule, key, event_time, event_ref) VALUES ('lock', 'a', now(), 1), ('lock', 'b', now(), 1)`,
    );
    let here = 0;
    let bothHere = () => {};
    const both = new Promise<void>((resolve) => {
      bothHere = resolve;
    });
    const lockInOrder = (keys: readonly string[]) =>
      inTransaction(store.database, async (tx) => {
        for (const key of keys) {
          await tx.run(`SELECT 1 FROM communications_slot WHERE rule = 'lock' AND key = $1 FOR UPDATE`, [
            Buffer.from(key),
          ]);
          if (++here === 2) bothHere();
          await both;
        }
      });
    const ends = await Promise.allSettled([lockInOrder(['a', 'b']), lockInOrder(['b', 'a'])]);
    const lost = ends.filter((end) => end.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(sqlState(lost[0]?.reason)).toBe('40P01');
    expect(isTransient(lost[0]?.reason)).toBe(true);
  });

  it.each([
    ['a missing table', 'SELECT 1 FROM communications_not_there'],
    ['a statement that ran too long', `SET statement_timeout = 1; SELECT pg_sleep(1)`],
    ['a connection cut by the server', 'SELECT pg_terminate_backend(pg_backend_pid())'],
  ])('by %s is an outage', async (_what, sql) => {
    const database = openDatabase({ url: store.url, poolSize: 1, onError: () => {} });
    expect(databaseFailure(await failureOf(database.run(sql)))).toBe('outage');
    await database.close();
  });

  it('to connect is an outage', async () => {
    const database = openDatabase({ url: 'postgres://a:b@127.0.0.1:1/c', poolSize: 1, onError: () => {} });
    expect(databaseFailure(await failureOf(database.ping()))).toBe('outage');
    expect(databaseFailure(await failureOf(inTransaction(database, (tx) => tx.run('SELECT 1'))))).toBe(
      'outage',
    );
  });

  it('to commit is an outage', async () => {
    const database = openDatabase({ url: store.url, poolSize: 1, onError: () => {} });
    const cut = inTransaction(database, async (tx) => {
      const rows = await tx.rows('SELECT pg_backend_pid() AS pid', [], z.object({ pid: z.number() }));
      await store.database.run('SELECT pg_terminate_backend($1, 1000)', [rows[0]?.pid]);
    });
    expect(databaseFailure(await failureOf(cut))).toBe('outage');
    await database.ping();
    await database.close();
  });

  it('of a model is told like that of a statement', async () => {
    const database = openDatabase({ url: store.url, poolSize: 1, onError: () => {} });
    const cut = inTransaction(database, async (tx) => {
      const rows = await tx.rows('SELECT pg_backend_pid() AS pid', [], z.object({ pid: z.number() }));
      await store.database.run('SELECT pg_terminate_backend($1, 1000)', [rows[0]?.pid]);
      await database.sequelize.query('SELECT 1', { transaction: tx.transaction });
    });
    expect(databaseFailure(await failureOf(cut))).toBe('outage');
    await database.close();
  });

  it('of our own is none of the database', async () => {
    const error = await failureOf(inTransaction(store.database, () => Promise.reject(new TypeError('ours'))));
    expect(databaseFailure(error)).toBeUndefined();
  });
});
