import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inTransaction, openDatabase } from '../../../src/store/database.js';
import { poolUse } from '../../../src/store/pool-use.js';
import { type ClonedDatabase, cloneDatabase } from '../../helpers/database.js';

let cloned: ClonedDatabase;
beforeAll(async () => {
  cloned = await cloneDatabase();
});
afterAll(() => cloned.drop());

it('tells how many connections are in use, idle and waited for', async () => {
  const database = openDatabase({ url: cloned.url, poolSize: 2, onError: () => undefined });
  expect(poolUse(database)).toEqual({ inUse: 0, idle: 0, waiting: 0, limit: 2 });
  await inTransaction(database, async () => {
    await inTransaction(database, async () => {
      const third = database.run('SELECT 1');
      await vi.waitFor(() => expect(poolUse(database)).toEqual({ inUse: 2, idle: 0, waiting: 1, limit: 2 }));
      return { third };
    }).then(({ third }) => third);
  });
  expect(poolUse(database)).toEqual({ inUse: 0, idle: 2, waiting: 0, limit: 2 });
  await database.close();
});
