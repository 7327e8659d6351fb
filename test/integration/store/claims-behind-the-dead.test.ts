import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createQueueFront } from '../../../src/delivery/queue-front.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import type { DeliveryRow } from '../../../src/store/delivery-row.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { recordAndClaim } from '../../../src/store/record-and-claim.js';
import { createSeal } from '../../../src/store/sealing.js';
import { registerWorker } from '../../../src/store/worker.js';
import { queuedMessage, sent } from '../../helpers/queued-message.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
const worker = { workerId: uuidv7(), epoch: 1 };
/** The last claim finds fewer than it asks for. */
const MESSAGES = 410;
const AT_ONCE = 20;

/** Delivers all that waits. @returns how many entries of the queue's index each claim but the first read */
async function deliverAll(keptMs: number): Promise<number[]> {
  const front = createQueueFront(keptMs, () => performance.now());
  const read: number[] = [];
  let rows: readonly DeliveryRow[] = [];
  let before: number | null = null;
  do {
    const both = await recordAndClaim(store.database, rows.map(sent), {
      worker,
      channel: 'email',
      priority: 'high',
      limit: AT_ONCE,
      dueFrom: front.dueFrom(),
    });
    expect(both.recorded.size).toBe(rows.length);
    rows = both.claimed;
    front.claimed(both.lastDue, rows.length === AT_ONCE);
    const after = await entriesRead();
    if (before !== null) read.push(after - before);
    before = after;
  } while (rows.length > 0);
  return read;
}

async function entriesRead(): Promise<number> {
  await store.database.run('SELECT pg_stat_force_next_flush()');
  const [row] = await store.database.rows(
    `SELECT idx_tup_read AS entries FROM pg_stat_user_indexes WHERE indexrelname = 'communications_delivery_due_idx'`,
    [],
    z.object({ entries: z.number() }),
  );
  if (row === undefined) throw new Error('no statistics');
  return row.entries;
}

/** One transaction for each chunk, as intake does, so that they fall due one after the other. */
async function queue(): Promise<void> {
  for (let queued = 0; queued < MESSAGES; queued += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, MESSAGES - queued) }, () => queuedMessage({ seal }));
    await insertNotifications(store.database, some);
  }
}

it('a claim does not read over what was delivered before, even where an old snapshot keeps all of it', async () => {
  await registerWorker(store.database, worker, 'test', AT_ONCE);
  await takeSnapshot();
  await queue();
  const withFront = await deliverAll(60_000);
  await queue();
  const without = await deliverAll(0);

  // The very last one, after the end of the queue was found, looks at everything.
  expect(Math.max(...withFront.slice(0, -1))).toBeLessThan(4 * AT_ONCE);
  expect(withFront.at(-1)).toBeGreaterThanOrEqual(MESSAGES);
  expect(Math.max(...without.slice(0, -1))).toBeGreaterThan(MESSAGES);
});

/** As a dump does: until the test has ended. */
async function takeSnapshot(): Promise<void> {
  const client = new Client({ connectionString: store.url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await client.query('SELECT count(*) FROM communications_worker');
}
