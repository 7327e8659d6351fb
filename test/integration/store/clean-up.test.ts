import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { claimDeliveries } from '../../../src/store/claim-deliveries.js';
import { cleanUp, countOld, type Retention } from '../../../src/store/clean-up.js';
import { inTransaction } from '../../../src/store/database.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { createSeal } from '../../../src/store/sealing.js';
import { registerWorker } from '../../../src/store/worker.js';
import { queuedMessage } from '../../helpers/queued-message.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
const KEEP: Retention = { logs: 365, events: 45, skips: 90, deadLetters: 60 };

/** Of each table 25 rows a day too old, and 5 that are a day too young. */
const OLD_AND_NEW = `
WITH age AS (SELECT n, CASE WHEN n <= 25 THEN 1 ELSE -1 END AS beyond FROM generate_series(1, 30) n),
emails AS (
  INSERT INTO communications_email_log (recipient, subject, template, status, sent_at, provider, notification_id, event_ref,
    rule, recipient_key, priority, last_status)
  SELECT 'jane@example.com', 'Your code', 'auth_otp', 'SENT', now() - make_interval(days => 365 + beyond), 'smtp',
    gen_random_uuid(), n, 'a/b', 'mail:jane', 0, 'SENT' FROM age),
texts AS (
  INSERT INTO communications_sms_log (phone_number, message, template, status, sent_at, provider, notification_id, event_ref,
    rule, recipient_key, priority, last_status)
  SELECT '+254700000001', 'Your code', 'auth_otp', 'SENT', now() - make_interval(days => 365 + beyond), 'sink',
    gen_random_uuid(), n, 'a/b', 'tel:1', 0, 'SENT' FROM age),
skips AS (
  INSERT INTO communications_skip (event_ref, rule, reason, created_at)
  SELECT n, 'a/b', 'expired', now() - make_interval(days => 90 + beyond) FROM age),
slots AS (
  INSERT INTO communications_slot (rule, key, until, event_time, event_ref)
  SELECT 'a/b', int4send(n), CASE WHEN n = 1 THEN null ELSE now() - make_interval(days => 45 + beyond) END,
    now() - interval '100 days', n FROM age),
windows AS (
  INSERT INTO communications_brake (rule, key, window_end, messages)
  SELECT 'a/b', int4send(n), now() - make_interval(days => 45 + beyond), 1 FROM age),
letters AS (
  INSERT INTO communications_dead_letter (id, topic, partition, "offset", reason, sealed, event_type, source, event_id,
    record_time, created_at, resolved_at)
  SELECT gen_random_uuid(), 'otp.requested', 0, n, 'undecodable', '', 'otp.requested', '/chesanto/auth', n, now(),
    now() - interval '500 days', CASE WHEN n = 1 THEN null ELSE now() - make_interval(days => 60 + beyond) END FROM age)
INSERT INTO communications_inbox (source, event_id, event_type, topic, partition, "offset", digest, event_time, received_at)
SELECT '/chesanto/auth', n, 'otp.requested', 'otp.requested', 0, n, '', now(), now() - make_interval(days => 45 + beyond)
FROM age`;

beforeEach(async () => {
  await store.database.run(`TRUNCATE communications_email_log, communications_sms_log, communications_inbox,
    communications_skip, communications_slot, communications_brake, communications_dead_letter,
    communications_delivery, communications_parked RESTART IDENTITY`);
  await store.database.run(OLD_AND_NEW);
});

const ALL = { email_log: 25, sms_log: 25, inbox: 24, skip: 25, dead_letter: 24, slot: 24, brake: 25 };
const clean = async (options: Partial<Parameters<typeof cleanUp>[1]> = {}) =>
  Object.fromEntries(await cleanUp(store.database, { keepDays: KEEP, ...options }));
const count = async (table: string, where = 'true') => {
  const sql = `SELECT count(*)::integer AS n FROM communications_${table} WHERE ${where}`;
  return (await store.database.rows(sql, [], z.object({ n: z.number() })))[0]?.n;
};

describe('the cleanup', () => {
  it.each([4, 5, 1_000])(
    'deletes what is older than its days, %i rows a step, and nothing that is for ever or open',
    async (chunk) => {
      expect(Object.fromEntries(await countOld(store.database, KEEP))).toEqual(ALL);
      const told: string[] = [];
      expect(
        await clean({ chunk, onProgress: (table, deleted) => told.push(`${table} ${deleted}`) }),
      ).toEqual(ALL);
      expect(told).toContain('email_log 25');
      for (const [table, deleted] of Object.entries(ALL)) expect(await count(table)).toBe(30 - deleted);
      expect(await count('dead_letter', 'resolved_at IS NULL')).toBe(1);
      expect(await count('inbox', `event_id = '1'`)).toBe(1);
      expect(await count('slot', 'until IS NULL')).toBe(1);
      expect(Object.values(await clean())).toEqual([0, 0, 0, 0, 0, 0, 0]);
    },
  );

  it('leaves the log and the event of what waits, or failed and can be sent again', async () => {
    await insertNotifications(store.database, [
      queuedMessage({ seal, eventRef: 2 }),
      queuedMessage({ seal, eventRef: 3, channel: 'sms' }),
    ]);
    await store.database.run(`UPDATE communications_delivery SET last_status = 'FAILED', due_at = 'infinity'
      WHERE channel = 'sms'`);
    await store.database.run(`UPDATE communications_email_log SET sent_at = 'epoch'`);
    await store.database.run(`UPDATE communications_sms_log SET sent_at = 'epoch'`);
    await store.database.run(`INSERT INTO communications_parked (id, event_ref, rule, wait_for, sealed, expires_at)
      VALUES (gen_random_uuid(), 4, 'a/b', 'user:1', '', now() + interval '1 day')`);
    expect(await clean({ chunk: 7 })).toMatchObject({ email_log: 30, sms_log: 30, inbox: 21 });
    expect(await count('email_log')).toBe(1);
    expect(await count('sms_log')).toBe(1);
    expect(await count('inbox', `event_id IN ('2', '3', '4')`)).toBe(3);
  });

  it('leaves what somebody else holds, and waits for nobody', async () => {
    const other = new Client({ connectionString: store.url });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM communications_inbox WHERE "offset" IN (2, 3) FOR UPDATE');
    await other.query('SELECT 1 FROM communications_brake LIMIT 3 FOR UPDATE');
    expect(await clean()).toEqual({ ...ALL, inbox: 22, brake: 22 });
    await other.query('ROLLBACK');
    await other.end();
    expect(await clean()).toMatchObject({ inbox: 2, brake: 3 });
  });

  it('holds up no claim, and no message that comes in', async () => {
    const worker = { workerId: uuidv7(), epoch: 1 };
    await registerWorker(store.database, worker, 'test', 5);
    await insertNotifications(store.database, [queuedMessage({ seal })]);
    const claimed = await inTransaction(store.database, async (tx) => {
      await cleanUp(tx, { keepDays: KEEP });
      // The cleanup's locks are all still held.
      await insertNotifications(store.database, [queuedMessage({ seal })]);
      return claimDeliveries(store.database, worker, { channel: 'email', priority: 'high' }, 5);
    });
    expect(claimed).toHaveLength(2);
  });

  it('stops between chunks when told to, and rests after each', async () => {
    expect(Object.values(await clean({ signal: AbortSignal.abort() }))).toEqual([0, 0, 0, 0, 0, 0, 0]);
    const stop = new AbortController();
    const rest = async (tookMs: number) => {
      expect(tookMs).toBeGreaterThan(0);
      stop.abort();
    };
    expect(await clean({ chunk: 4, rest, signal: stop.signal })).toMatchObject({ email_log: 4, sms_log: 0 });
  });
});

it('walks a long log once, and stops at the first rows that are young', async () => {
  const ROWS = `
    INSERT INTO communications_email_log (recipient, subject, template, status, sent_at, provider, notification_id,
      event_ref, rule, recipient_key, priority, last_status)
    SELECT 'jane@example.com', 'Your code', 'auth_otp', 'SENT', now() - make_interval(days => $1), 'smtp',
      gen_random_uuid(), n, 'a/c' || $1, 'mail:jane', 0, 'SENT' FROM generate_series(1, $2::integer) n`;
  await store.database.run('TRUNCATE communications_email_log');
  await store.database.run(ROWS, [400, 20_000]);
  await store.database.run(ROWS, [10, 20_000]);
  let steps = 0;
  const rest = async () => void steps++;
  expect(await clean({ rest })).toMatchObject({ email_log: 20_000 });
  expect(await count('email_log')).toBe(20_000);
  expect(steps).toBeLessThan(25);
});
