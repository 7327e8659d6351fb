import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { type Database, openDatabase } from '../../../src/store/database.js';
import type { DeliveryRow } from '../../../src/store/delivery-row.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { recordAndClaim } from '../../../src/store/record-and-claim.js';
import { createSeal } from '../../../src/store/sealing.js';
import { registerWorker } from '../../../src/store/worker.js';
import { cloneDatabase } from '../../helpers/database.js';
import { queuedMessage, sent } from '../../helpers/queued-message.js';

const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
const worker = { workerId: uuidv7(), epoch: 1 };
const QUEUED = 5_000;

async function opened(keepPlans?: true): Promise<Database> {
  const { url, drop } = await cloneDatabase();
  const database = openDatabase({
    url,
    poolSize: 1,
    onError: () => undefined,
    ...(keepPlans && { keepPlans }),
  });
  onTestFinished(async () => {
    await database.close();
    await drop();
  });
  await registerWorker(database, worker, 'test', 10);
  return database;
}

/** Records what was claimed before as sent, and claims ten. */
async function nextTen(
  database: Database,
  before: readonly DeliveryRow[] = [],
): Promise<readonly DeliveryRow[]> {
  const claim = { worker, channel: 'email', priority: 'high', limit: 10, dueFrom: null } as const;
  const { recorded, claimed } = await recordAndClaim(database, before.map(sent), claim);
  expect(recorded.size).toBe(before.length);
  return claimed;
}

it.each([
  [true, { kept: 3, anew: 0 }],
  [undefined, { kept: 0, anew: 3 }],
] as const)('plans of named statements are kept (%s)', async (keepPlans, times) => {
  const database = await opened(keepPlans);
  for (let time = 0; time < 3; time++) await nextTen(database);

  const [counts] = await database.rows(
    `SELECT generic_plans::int AS kept, custom_plans::int AS anew FROM pg_prepared_statements
     WHERE name LIKE 'record-and-claim-%'`,
    [],
    z.object({ kept: z.number(), anew: z.number() }),
  );
  expect(counts).toEqual(times);
});

it('a plan from when the queue was empty serves for a second at most', async () => {
  const database = await opened(true);
  await database.run('VACUUM ANALYZE communications_delivery');
  for (let time = 0; time < 3; time++) expect(await nextTen(database)).toEqual([]);
  for (let queued = 0; queued < QUEUED; queued += 500) {
    await insertNotifications(
      database,
      Array.from({ length: 500 }, () => queuedMessage({ seal })),
    );
  }

  let ten = await nextTen(database);
  await vi.waitFor(
    async () => {
      const before = await rowsRead(database);
      ten = await nextTen(database, ten);
      expect(ten).toHaveLength(10);
      expect((await rowsRead(database)) - before).toBeLessThan(QUEUED / 10);
    },
    { timeout: 5_000, interval: 50 },
  );
});

const TABLES = `relname IN ('communications_delivery', 'communications_email_log')`;

/** Of queue and log, by all so far. */
async function rowsRead(database: Database): Promise<number> {
  await database.run('SELECT pg_stat_force_next_flush()');
  const [row] = await database.rows(
    `SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE ${TABLES})
          + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE ${TABLES}) AS rows`,
    [],
    z.object({ rows: z.coerce.number() }),
  );
  if (row === undefined) throw new Error('no statistics');
  return row.rows;
}
