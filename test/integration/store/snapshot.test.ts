import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { createSeal } from '../../../src/store/sealing.js';
import { storeSnapshot } from '../../../src/store/snapshot.js';
import { queuedMessage } from '../../helpers/queued-message.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);

it('the age of a queue is that of what has been due for longest, not of what waits for its time', async () => {
  const [late, retry, held] = [0, 1, 2].map(() => queuedMessage({ seal }));
  if (!late || !retry || !held) throw new Error('no messages');
  await insertNotifications(store.database, [late, retry, held]);
  await store.database.run(`UPDATE communications_delivery SET created_at = now() - interval '1 hour'`);
  for (const [message, due] of [
    [late, "now() - interval '30 seconds'"],
    [retry, "now() + interval '10 minutes'"],
    [held, "'infinity'"],
  ] as const) {
    await store.database.run(
      `UPDATE communications_delivery SET due_at = ${due} WHERE notification_id = $1`,
      [message.change.notificationId],
    );
  }
  const { queue } = await storeSnapshot(store.database);
  expect(queue.high.depth).toBe(2);
  expect(queue.high.oldestSeconds).toBeGreaterThanOrEqual(30);
  expect(queue.high.oldestSeconds).toBeLessThan(60);
  expect(queue.low).toEqual({ depth: 0, oldestSeconds: 0 });

  await store.database.run(`UPDATE communications_delivery SET due_at = now() + interval '10 minutes'`);
  expect((await storeSnapshot(store.database)).queue.high.oldestSeconds).toBe(0);
});
