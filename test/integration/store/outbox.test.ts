import { expect, it } from 'vitest';
import { z } from 'zod';
import { inTransaction, type Tx } from '../../../src/store/database.js';
import { insertOutbox } from '../../../src/store/insert-outbox.js';
import { lockOutbox, selectOutbox } from '../../../src/store/outbox.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
const LONG = 3_000;

it('the first of a long outbox are read without the rest', async () => {
  const messages = Array.from({ length: LONG }, (_, number) => ({
    topic: 'status',
    key: Buffer.from('key'),
    value: Buffer.from(String(number)),
    subject: 'status-value',
    headers: { ce_id: Buffer.from(`id "${number}"`), 'an "odd" name': Buffer.from([0, 255]) },
  }));
  const publishLater = () => inTransaction(store.database, (tx) => insertOutbox(tx, messages));
  await publishLater();
  await store.database.run('DELETE FROM communications_outbox WHERE id % 300 <> 0');
  // As the planner mostly sees it: long, and hardly anything in it.
  await store.database.run('VACUUM (ANALYZE, TRUNCATE false) communications_outbox');
  await publishLater();

  const { rows, read } = await inTransaction(store.database, async (tx) => {
    expect(await lockOutbox(tx)).toBe(true);
    const before = await rowsRead(tx);
    const rows = await selectOutbox(tx, 'status', 0, 100);
    return { rows, read: (await rowsRead(tx)) - before };
  });
  const fresh = rows.filter(({ id }) => id > LONG);
  expect(fresh.map(({ id: _, ...message }) => message)).toEqual(
    messages.slice(0, fresh.length).map(({ topic: _, ...message }) => message),
  );
  expect(read).toBeLessThan(LONG / 10);
});

/** By this connection, as far as it has not told anybody yet. */
async function rowsRead(tx: Tx): Promise<number> {
  const [read] = await tx.rows(
    `SELECT (seq_tup_read + idx_tup_fetch)::int AS rows FROM pg_stat_xact_user_tables
     WHERE relname = 'communications_outbox'`,
    [],
    z.object({ rows: z.number() }),
  );
  return read?.rows ?? Number.NaN;
}
