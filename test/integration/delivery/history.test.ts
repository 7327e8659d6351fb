import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { decideTransition } from '../../../src/delivery/decide-transition.js';
import type { Channel } from '../../../src/domain/channel.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { applyTransitions } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
import { claimDeliveries } from '../../../src/store/claim-deliveries.js';
import { history } from '../../../src/store/history.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { createSeal } from '../../../src/store/sealing.js';
import { registerWorker } from '../../../src/store/worker.js';
import { encodeStatus, queuedMessage } from '../../helpers/queued-message.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();
const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);

/** A message that fails so many times; its story after each of these. */
async function storiesOf(channel: Channel, attempts: number) {
  const message = queuedMessage({ seal, channel });
  await insertNotifications(store.database, [message]);
  const worker = { workerId: uuidv7(), epoch: 1 };
  await registerWorker(store.database, worker, 'test', 1);
  const stories: z.infer<typeof history>[] = [];
  for (let n = 1; n <= attempts; n++) {
    const [row] = await claimDeliveries(store.database, worker, { channel, priority: 'high' }, 1);
    if (row === undefined) throw new Error('nothing could be claimed');
    const outcome = { kind: 'transient', reason: 'unreachable', detail: `answer ${n}` } as const;
    const verdict = decideTransition(row, outcome, { retryDelayMs: 1, maxRetries: 3 }, Date.now(), 0);
    const now = { ...verdict, next: { kind: 'again', delayMs: 0 } } as const;
    await applyTransitions(store.database, [buildTransition(row, now, new Date(), encodeStatus)]);
    const [kept] = await store.database.rows(
      `SELECT history FROM communications_${channel}_log WHERE notification_id = $1`,
      [row.notification_id],
      z.object({ history }),
    );
    stories.push(kept?.history ?? []);
  }
  return stories;
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

it.each(['email', 'sms'] as const)(
  'the log of %s tells every step, and of very many the first ten and the last twenty',
  async (channel) => {
    const stories = await storiesOf(channel, 47);
    const told = stories.map((story) => story.map(({ attempt }) => attempt));
    expect(told[0]).toEqual([1]);
    expect(told[29]).toEqual(range(1, 30));
    expect(told[30]).toEqual([...range(1, 10), ...range(12, 31)]);
    expect(told[46]).toEqual([...range(1, 10), ...range(28, 47)]);
    expect(stories[46]?.at(-1)).toEqual({
      at: expect.any(Date),
      seq: 48,
      status: 'RETRYING',
      reason: 'unreachable',
      attempt: 47,
      provider: channel === 'email' ? 'smtp' : 'sink',
      answer: 'answer 47',
    });
  },
);
