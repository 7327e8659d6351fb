import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSinkProvider } from '../../../src/channels/sink-provider.js';
import type { SmsMessage } from '../../../src/channels/sms-provider.js';
import { recoverClaims } from '../../../src/delivery/recover-claims.js';
import { createSmsOutlet } from '../../../src/delivery/sms-outlet.js';
import type { Channel } from '../../../src/domain/channel.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { claimDeliveries, type WorkerClaim } from '../../../src/store/claim-deliveries.js';
import { releaseLostClaims } from '../../../src/store/release-claims.js';
import { registerWorker } from '../../../src/store/worker.js';
import { encodeStatus } from '../../helpers/queued-message.js';
import { waitFor } from '../../helpers/wait-for.js';
import { clonedStore } from '../store/cloned-store.js';
import { deliveryOf, loggedOf, queued } from './delivery-kit.js';

const store = clonedStore();
const PHONE = '+254712345678';

beforeEach(async () => {
  for (const table of ['worker', 'delivery', 'outbox']) {
    await store.database.run(`DELETE FROM communications_${table}`);
  }
  // So that each log's first row has the id of the other's.
  await store.database.run('TRUNCATE communications_email_log, communications_sms_log RESTART IDENTITY');
});

async function newWorker(): Promise<WorkerClaim> {
  const worker = { workerId: uuidv7(), epoch: 1 };
  await registerWorker(store.database, worker, 'test', 10);
  return worker;
}
const claim = async (worker: WorkerClaim, channel: Channel, limit = 5) => {
  const rows = await claimDeliveries(store.database, worker, { channel, priority: 'high' }, limit);
  return rows.map(({ notification_id: id, claim_id: name }) => ({ id, name: name ?? '' }));
};
const statuses = z.object({ channel: z.string(), n: z.number() });
/** How many are queued of each channel. */
const waiting = () =>
  store.database.rows(
    'SELECT channel, count(*)::integer AS n FROM communications_delivery GROUP BY channel ORDER BY channel',
    [],
    statuses,
  );

describe('a claim', () => {
  it.each([
    ['email', 'sms'],
    ['sms', 'email'],
  ] as const)('of %s takes nothing that is %s', async (own, other) => {
    const id = await queued(store, { channel: own });
    await queued(store, { channel: other });
    const worker = await newWorker();
    expect(await claim(worker, own)).toEqual([{ id, name: expect.any(String) }]);
    expect(await claim(worker, own)).toEqual([]);
    expect(await claim(worker, other)).toHaveLength(1);
  });

  it.each([
    ['email', 'sms'],
    ['sms', 'email'],
  ] as const)('of %s whose answer was lost is given back without those of %s', async (lost, other) => {
    await queued(store, { channel: lost });
    await queued(store, { channel: other });
    const worker = await newWorker();
    await claim(worker, lost);
    const [kept] = await claim(worker, other);
    const released = await releaseLostClaims(
      store.database,
      worker,
      { channel: lost, priorities: ['high'] },
      [],
    );
    expect(released).toBe(1);
    expect(await claim(worker, other)).toEqual([]);
    expect(await claim(worker, lost)).toHaveLength(1);
    const stillTheirs = await store.database.rows(
      'SELECT claim_id FROM communications_delivery WHERE channel = $1',
      [other],
      z.object({ claim_id: z.string() }),
    );
    expect(stillTheirs).toEqual([{ claim_id: kept?.name }]);
  });
});

describe('a message', () => {
  it('goes out by its channel and is told of in its log alone', async () => {
    const eventRef = 7;
    const text = await queued(store, { channel: 'sms', eventRef });
    const mail = await queued(store, { channel: 'email', eventRef, recipient: 'jane@example.com' });
    const { smtp, fatal } = await deliveryOf(store);
    await waitFor(async () => (await waiting()).length === 0, { what: 'an empty queue' });
    expect(fatal).toEqual([]);

    const sent = {
      status: 'SENT',
      last_status: 'SENT',
      reason: null,
      sequence: 2,
      attempts: 1,
      possible_duplicate: false,
      accepted: true,
      finished: true,
      steps: 1,
    };
    expect(await loggedOf(store, 'sms', text)).toEqual({
      ...sent,
      provider: 'sink',
      provider_message_id: `<${text}@sink>`,
    });
    expect(await loggedOf(store, 'email', mail)).toMatchObject({ ...sent, provider: 'smtp' });
    expect(smtp.messages).toHaveLength(1);
    expect(smtp.messagesTo('jane@example.com')).toHaveLength(1);
    expect(await loggedOf(store, 'email', text)).toBeUndefined();
    expect(await loggedOf(store, 'sms', mail)).toBeUndefined();
  });
});

/** Where every answer is lost. */
function deafOutlet() {
  const taken: SmsMessage[] = [];
  const outlet = createSmsOutlet(
    {
      ...createSinkProvider<SmsMessage>(),
      async send(message) {
        taken.push(message);
        return { kind: 'unknown', reason: 'outcome_unknown', detail: 'no answer within 30 s' };
      },
    },
    () => 'Your code is 482913',
  );
  return { outlet, taken };
}

describe('a text message whose answer was lost', () => {
  const unconfirmed = {
    status: 'FAILED',
    last_status: 'UNCONFIRMED',
    reason: 'outcome_unknown',
    sequence: 2,
    attempts: 1,
    provider: 'sink',
    provider_message_id: '',
    possible_duplicate: true,
    accepted: false,
    finished: true,
    steps: 1,
  };
  const outbox = z.object({ key: z.string() });
  const statusesOf = async (id: string) => {
    const rows = await store.database.rows(
      `SELECT encode(key, 'escape') AS key FROM communications_outbox WHERE encode(key, 'escape') = $1`,
      [id],
      outbox,
    );
    return rows.length;
  };

  it('is settled as unconfirmed and never sent again: it would cost twice, and read twice', async () => {
    const id = await queued(store, { channel: 'sms' });
    const { outlet, taken } = deafOutlet();
    const { fatal } = await deliveryOf(store, [outlet]);
    await waitFor(async () => (await loggedOf(store, 'sms', id))?.finished, { what: 'its end' });
    expect(fatal).toEqual([]);
    expect(await loggedOf(store, 'sms', id)).toEqual(unconfirmed);
    expect(taken).toEqual([{ notificationId: id, to: PHONE, text: 'Your code is 482913' }]);
    expect(await statusesOf(id)).toBe(2);
    // Not even kept for people: they can't know either.
    expect(await waiting()).toEqual([]);
  });

  it('because its worker died is settled the same way, while an e-mail is sent again', async () => {
    const text = await queued(store, { channel: 'sms' });
    const mail = await queued(store, { channel: 'email' });
    const worker = await newWorker();
    await claim(worker, 'sms');
    await claim(worker, 'email');
    await store.database.run(`UPDATE communications_worker SET beat_at = now() - interval '9 seconds'`);
    const recovered = await recoverClaims({
      database: store.database,
      encode: encodeStatus,
      retries: { retryDelayMs: 1_000, maxRetries: 3 },
      metrics: createMetrics(),
      log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
    });
    expect(recovered).toBe(2);
    expect(await loggedOf(store, 'sms', text)).toEqual(unconfirmed);
    expect(await statusesOf(text)).toBe(2);
    expect(await loggedOf(store, 'email', mail)).toMatchObject({
      status: 'PENDING',
      last_status: 'UNCONFIRMED',
      possible_duplicate: true,
      finished: false,
    });
    expect(await waiting()).toEqual([{ channel: 'email', n: 1 }]);
  });
});
