import { Client } from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cleanInbox } from '../../../src/store/inbox-cleanup.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();

const OLD_AND_NEW = `
WITH age AS (SELECT n, CASE WHEN n <= 25 THEN now() - interval '31 days' ELSE now() - interval '29 days' END AS at
               FROM generate_series(1, 30) n),
skips AS (
  INSERT INTO communications_skip (event_ref, rule, reason, created_at) SELECT n, 'a/b', 'expired', at FROM age),
slots AS (
  INSERT INTO communications_slot (rule, key, until, event_time, event_ref)
  SELECT 'a/b', int4send(n), CASE WHEN n = 1 THEN null ELSE at END, at, n FROM age),
windows AS (
  INSERT INTO communications_brake (rule, key, window_end, messages) SELECT 'a/b', int4send(n), at, 1 FROM age)
INSERT INTO communications_inbox (source, event_id, event_type, topic, partition, "offset", digest, event_time, received_at)
SELECT '/chesanto/auth', n, 'otp.requested', 'otp.requested', 0, n, '', at, at FROM age`;

beforeEach(async () => {
  await store.database.run(
    'TRUNCATE communications_inbox, communications_skip, communications_slot, communications_brake RESTART IDENTITY',
  );
  await store.database.run(OLD_AND_NEW);
});

const NOTHING = { inbox: 0, skip: 0, slot: 0, brake: 0 };
const left = (table: string) =>
  store.database.rows(`SELECT count(*) AS n FROM communications_${table}`, [], z.object({ n: z.number() }));

describe('the cleanup of the inbox', () => {
  it('deletes what is older than the days to keep, in chunks, and no slot that is for ever', async () => {
    const deleted = await cleanInbox(store.database, { keepDays: 30, chunk: 4 });
    expect(deleted).toEqual({ inbox: 25, skip: 25, slot: 24, brake: 25 });
    expect(await left('inbox')).toEqual([{ n: 5 }]);
    expect(await left('skip')).toEqual([{ n: 5 }]);
    expect(await left('slot')).toEqual([{ n: 6 }]);
    expect(await left('brake')).toEqual([{ n: 5 }]);
    expect(await cleanInbox(store.database, { keepDays: 30 })).toEqual(NOTHING);
  });

  it('leaves what somebody else holds', async () => {
    const other = new Client({ connectionString: store.url });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM communications_inbox WHERE "offset" <= 3 FOR UPDATE');
    expect((await cleanInbox(store.database, { keepDays: 30, chunk: 100 })).inbox).toBe(22);
    await other.query('ROLLBACK');
    await other.end();
    expect((await cleanInbox(store.database, { keepDays: 30, chunk: 100 })).inbox).toBe(3);
  });

  it('stops between chunks when told to', async () => {
    const deleted = await cleanInbox(store.database, { keepDays: 30, chunk: 4, signal: AbortSignal.abort() });
    expect(deleted).toEqual(NOTHING);
  });
});
