import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expireWaiting } from '../../../src/delivery/expire-waiting.js';
import type { Channel } from '../../../src/domain/channel.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { applyTransitions } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
import { claimDeliveries } from '../../../src/store/claim-deliveries.js';
import { registerWorker } from '../../../src/store/worker.js';
import { encodeStatus } from '../../helpers/queued-message.js';
import { clonedStore } from '../store/cloned-store.js';
import { loggedOf, queued } from './delivery-kit.js';

const store = clonedStore();
const expire = () => expireWaiting(store.database, encodeStatus, createMetrics());
const soon = () => new Date(Date.now() + 600_000);
const passed = () => new Date(Date.now() - 1);

beforeEach(async () => {
  for (const table of ['worker', 'delivery', 'outbox', 'email_log', 'sms_log']) {
    await store.database.run(`DELETE FROM communications_${table}`);
  }
});

const count = z.object({ n: z.number() });
const countOf = async (table: string) => {
  const rows = await store.database.rows(
    `SELECT count(*)::integer AS n FROM communications_${table}`,
    [],
    count,
  );
  return rows[0]?.n;
};

/** A message that was given up and is kept for people to send again. */
async function givenUp(channel: Channel): Promise<string> {
  const id = await queued(store, { channel });
  const worker = { workerId: uuidv7(), epoch: 1 };
  await registerWorker(store.database, worker, 'test', 1);
  const [row] = await claimDeliveries(store.database, worker, { channel, priority: 'high' }, 1);
  if (row === undefined) throw new Error('nothing could be claimed');
  const verdict = {
    status: 'FAILED',
    reason: 'content_refused',
    next: { kind: 'held' },
    possibleDuplicate: false,
    providerMessageId: null,
    error: '554 no',
  } as const;
  await applyTransitions(store.database, [buildTransition(row, verdict, new Date(), encodeStatus)]);
  return id;
}

describe('a message that expired', () => {
  it.each([
    ['held by the brake', 'held'],
    ['waiting for a newer one', soon()],
    ['due', null],
  ] as const)('%s ends as failed, on either channel', async (_what, notBefore) => {
    const texts = await queued(store, { channel: 'sms', notBefore, expiresAt: passed() });
    const mail = await queued(store, { channel: 'email', notBefore, expiresAt: passed() });
    expect(await expire()).toBe(2);
    for (const [channel, id] of [
      ['sms', texts],
      ['email', mail],
    ] as const) {
      expect(await loggedOf(store, channel, id)).toMatchObject({
        status: 'FAILED',
        last_status: 'FAILED',
        reason: 'expired',
        sequence: 2,
        attempts: 0,
        finished: true,
      });
    }
    expect(await countOf('delivery')).toBe(0);
    expect(await countOf('outbox')).toBe(4);
    expect(await expire()).toBe(0);
    expect(await countOf('outbox')).toBe(4);
  });

  it('and had been given up before keeps its reason, and is only forgotten', async () => {
    const mail = await givenUp('email');
    const text = await givenUp('sms');
    const told = await countOf('outbox');
    await store.database.run('UPDATE communications_delivery SET expires_at = now()');
    expect(await expire()).toBe(0);
    expect(await countOf('delivery')).toBe(0);
    expect(await countOf('outbox')).toBe(told);
    for (const logged of [await loggedOf(store, 'email', mail), await loggedOf(store, 'sms', text)]) {
      expect(logged).toMatchObject({ last_status: 'FAILED', reason: 'content_refused', sequence: 2 });
    }
  });
});

describe('messages that were given up', () => {
  it('are not ended a second time, however many they are', async () => {
    for (let n = 0; n < 201; n++) await queued(store);
    await store.database.run(
      `UPDATE communications_delivery SET last_status = 'FAILED', due_at = 'infinity', expires_at = now()`,
    );
    expect(await expire()).toBe(0);
    expect(await countOf('delivery')).toBe(1);
    expect(await expire()).toBe(0);
    expect(await countOf('delivery')).toBe(0);
    expect(await countOf('outbox')).toBe(201);
  });
});

describe('a message that has not expired', () => {
  it('is left alone: given up, held by the brake, or waiting for a newer one', async () => {
    await givenUp('email');
    await givenUp('sms');
    await queued(store, { notBefore: 'held', expiresAt: soon() });
    await queued(store, { notBefore: soon(), expiresAt: soon() });
    const told = await countOf('outbox');
    expect(await expire()).toBe(0);
    expect(await countOf('delivery')).toBe(4);
    expect(await countOf('outbox')).toBe(told);
  });
});
