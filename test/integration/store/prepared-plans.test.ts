import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Priority } from '../../../src/domain/priority.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { analyseMistaken } from '../../../src/store/analyse-mistaken.js';
import { applyTransitions } from '../../../src/store/apply-transitions.js';
import { claimDeliveries } from '../../../src/store/claim-deliveries.js';
import { type Database, openDatabase } from '../../../src/store/database.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { lockCancellable } from '../../../src/store/lock-cancellable.js';
import { recordAndClaim } from '../../../src/store/record-and-claim.js';
import { releaseClaims } from '../../../src/store/release-claims.js';
import { createSeal } from '../../../src/store/sealing.js';
import { deleteHeldPastTime } from '../../../src/store/select-expired.js';
import { lockWaiting } from '../../../src/store/supersede.js';
import { registerWorker } from '../../../src/store/worker.js';
import { cloneDatabase } from '../../helpers/database.js';
import { queuedMessage, sent } from '../../helpers/queued-message.js';

const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
const worker = { workerId: uuidv7(), epoch: 1 };
const QUEUED = 5_000;

async function opened(): Promise<Database> {
  const { url, drop } = await cloneDatabase();
  const database = openDatabase({ url, poolSize: 1, onError: () => undefined });
  onTestFinished(async () => {
    await database.close();
    await drop();
  });
  await registerWorker(database, worker, 'test', 10);
  return database;
}

/** From the sixth time on PostgreSQL may keep one plan for all values. */
async function prepareOnFewRows(database: Database): Promise<void> {
  for (let time = 0; time < 8; time++) {
    await queue(database, 1);
    expect(await deliverTen(database)).toBe(1);
  }
}

it.each([
  ['has just been made', async () => undefined],
  [
    'was vacuumed while it was empty',
    (database: Database) => database.run('VACUUM ANALYZE communications_delivery'),
  ],
  [
    'was vacuumed while one message was kept in it',
    async (database: Database) => {
      await insertNotifications(database, [queuedMessage({ seal, notBefore: 'held' })]);
      await database.run('VACUUM ANALYZE communications_delivery');
    },
  ],
  ['was analysed when all of many had just gone', analysedWhenGone],
  [
    'was analysed when one of many was left',
    async (database: Database) => {
      await queue(database, 500);
      await database.run('DELETE FROM communications_delivery');
      await insertNotifications(database, [queuedMessage({ seal, notBefore: 'held' })]);
      await database.run('VACUUM ANALYZE communications_delivery');
    },
  ],
])(
  'what is prepared for a queue that %s reads no more of a full one than it needs',
  async (_name, prepare) => {
    const database = await opened();
    await prepare(database);
    await prepareOnFewRows(database);
    await prepare(database);
    for (let time = 0; time < 8; time++) expect(await deliverTen(database)).toBe(0);
    await queue(database, QUEUED);

    const before = await rowsRead(database);
    for (let time = 0; time < 8; time++) expect(await deliverTen(database)).toBe(10);
    const after = await rowsRead(database);
    expect(after.scans - before.scans).toBe(0);
    expect(after.byIndex - before.byIndex).toBeLessThan(QUEUED);
  },
);

it('a queue that the planner takes for empty is analysed, once, and then nothing reads all of it', async () => {
  const database = await opened();
  // An analysis of nothing leaves what was known of columns: how what was there went along with the pages.
  await queued(database, 1_500, ['low', 'high', 'medium']);
  await database.run('ANALYZE communications_delivery');
  await analysedWhenGone(database);
  await queued(database, QUEUED / 2, ['low', 'high', 'medium']);
  await queued(database, QUEUED / 2, ['low']);

  await rowsRead(database);
  expect(await analyseMistaken(database)).toContain('communications_delivery');
  expect(await analyseMistaken(database)).toEqual([]);
  const before = await rowsRead(database);
  for (let time = 0; time < 8; time++) {
    expect(await deliverTen(database)).toBe(10);
    expect(await claimDeliveries(database, worker, { channel: 'sms', priority: 'high' }, 5)).toEqual([]);
  }
  const after = await rowsRead(database);
  // Whether there is something due may be asked of the table itself, up to the first that is.
  expect(after.byScan - before.byScan).toBeLessThan(QUEUED);
  expect(after.byIndex - before.byIndex).toBeLessThan(QUEUED / 2);
});

it('a queue that somebody else owns is left alone', async () => {
  const database = await opened();
  await analysedWhenGone(database);
  await queue(database, QUEUED);
  await rowsRead(database);
  const role = `other_${randomBytes(4).toString('hex')}`;
  await database.run(`CREATE ROLE ${role}`);
  try {
    await database.run(`SET ROLE ${role}`);
    expect(await analyseMistaken(database)).toEqual([]);
  } finally {
    await database.run('RESET ROLE');
    await database.run(`DROP ROLE ${role}`);
  }
  expect(await analyseMistaken(database)).toContain('communications_delivery');
});

it('a queue that is small, or as large as the planner takes it to be, is left alone', async () => {
  const database = await opened();
  await analysedWhenGone(database);
  await queue(database, 500);
  await rowsRead(database);
  expect(await analyseMistaken(database)).toEqual([]);
  await queue(database, QUEUED);
  await database.run('ANALYZE communications_delivery');
  await rowsRead(database);
  expect(await analyseMistaken(database)).not.toContain('communications_delivery');
});

it('what else runs while messages are sent reads no more of a full queue either, analysed when all had gone', async () => {
  const database = await opened();
  await analysedWhenGone(database);
  await queue(database, QUEUED);
  const due = { channel: 'email', priority: 'high' } as const;

  const before = await rowsRead(database);
  const claimed = await claimDeliveries(database, worker, due, 5);
  const claims = claimed.map(({ notification_id: notificationId, claim_id: claimId }) => ({
    notificationId,
    claimId: claimId ?? '',
  }));
  expect(await releaseClaims(database, claims, 0)).toBe(5);
  expect(await deleteHeldPastTime(database, 200)).toBe(0);
  expect(await lockWaiting(database, [{ eventRef: 1, rule: 'auth/none' }])).toEqual([]);
  const ids = claimed.map(({ notification_id: id }) => id);
  expect(await lockCancellable(database, ids)).toHaveLength(5);
  const after = await rowsRead(database);
  expect(after.scans - before.scans).toBe(0);
  expect(after.byIndex - before.byIndex).toBeLessThan(QUEUED / 10);
});

it('what the server will not run any more is prepared anew', async () => {
  const database = await opened();
  await prepareOnFewRows(database);
  await queue(database, 30);
  await database.run('ALTER TABLE communications_delivery ALTER provider TYPE varchar(111)');
  await expect(deliverTen(database)).rejects.toThrow('cached plan must not change result type');
  expect(await deliverTen(database)).toBe(10);

  await database.run('DEALLOCATE ALL');
  await expect(deliverTen(database)).rejects.toThrow('does not exist');
  // Another statement of the same attempt may be next.
  await deliverTen(database).catch(() => undefined);
  expect(await deliverTen(database)).toBe(10);
});

/** So many rows a page as there are then is what the planner believes in, however large the table becomes: none. */
async function analysedWhenGone(database: Database): Promise<void> {
  await queue(database, 500);
  await database.run('DELETE FROM communications_delivery');
  await database.run('VACUUM (ANALYZE, TRUNCATE false) communications_delivery');
}

const queue = (database: Database, messages: number): Promise<void> => queued(database, messages, ['high']);

async function queued(database: Database, messages: number, priorities: readonly Priority[]): Promise<void> {
  for (let first = 0; first < messages; first += 500) {
    const some = Array.from({ length: Math.min(messages - first, 500) }, (_, n) =>
      queuedMessage({ seal, priority: priorities[n % priorities.length] ?? 'high' }),
    );
    await insertNotifications(database, some);
  }
}

/** @returns how many were claimed, and recorded as sent: five by the statements for either, five by the one for both */
async function deliverTen(database: Database): Promise<number> {
  const queue = { channel: 'email', priority: 'high' } as const;
  const rows = await claimDeliveries(database, worker, queue, 5);
  const both = await recordAndClaim(database, rows.map(sent), { worker, ...queue, limit: 5, dueFrom: null });
  const recorded = await applyTransitions(database, both.claimed.map(sent));
  return both.recorded.size + recorded.size;
}

/** By all so far, of the tables that grow. */
async function rowsRead(database: Database) {
  await database.run('SELECT pg_stat_force_next_flush()');
  const counted = z.object({
    scans: z.coerce.number(),
    byScan: z.coerce.number(),
    byIndex: z.coerce.number(),
  });
  const tables = `relname IN ('communications_delivery', 'communications_email_log')`;
  const [row] = await database.rows(
    `SELECT (SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE ${tables}) AS scans,
            (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE ${tables}) AS "byScan",
            (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE ${tables}) AS "byIndex"`,
    [],
    counted,
  );
  if (row === undefined) throw new Error('no statistics');
  return row;
}
