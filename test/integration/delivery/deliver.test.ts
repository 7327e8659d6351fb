import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EmailMessage, EmailProvider } from '../../../src/channels/email-provider.js';
import { createSinkProvider } from '../../../src/channels/sink-provider.js';
import { createDeliver, type DeliverOptions } from '../../../src/delivery/deliver.js';
import { createEmailOutlet } from '../../../src/delivery/email-outlet.js';
import { createRecorder } from '../../../src/delivery/recorder.js';
import { createProviderPause } from '../../../src/domain/provider-pause.js';
import { scrub } from '../../../src/domain/scrub.js';
import type { SendOutcome } from '../../../src/domain/send-outcome.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { claimDeliveries } from '../../../src/store/claim-deliveries.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { createSeal } from '../../../src/store/sealing.js';
import { registerWorker } from '../../../src/store/worker.js';
import { encodeStatus, queuedMessage } from '../../helpers/queued-message.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();
const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
const log = createLog({ level: 'silent', instance: 'test', version: 'test' });
const worker = { workerId: uuidv7(), epoch: 1 };

beforeEach(async () => {
  for (const table of ['worker', 'delivery', 'outbox', 'email_log']) {
    await store.database.run(`DELETE FROM communications_${table}`);
  }
  await registerWorker(store.database, worker, 'test', 5);
});

const outletOf = (provider: EmailProvider) =>
  createEmailOutlet(provider, () => ({ subject: 'Your code', html: '<p>482913</p>', text: '482913' }));

/** Delivery to a provider that takes everything, and what it told. */
function delivery(change: Partial<DeliverOptions> = {}) {
  const told: string[] = [];
  const fatal: Error[] = [];
  const metrics = createMetrics();
  const pause = change.pause ?? createProviderPause(() => performance.now());
  const deliver = createDeliver({
    database: store.database,
    outlet: outletOf(createSinkProvider()),
    seal,
    pause,
    recorder: createRecorder(store.database, metrics, log, () => {}),
    retries: { retryDelayMs: 1_000, maxRetries: 3 },
    timeoutMs: 1_000,
    encode: encodeStatus,
    hasTemplate: () => true,
    isActive: () => true,
    scrub,
    metrics,
    log,
    reach: () => {},
    onWaiting: (part, why) => told.push(`${part}: ${why}`),
    onPause: () => {},
    onFatal: (error) => fatal.push(error),
    ...change,
  });
  /** Claims what is due, most urgent first, and takes it to its end. @returns whom it was for */
  const next = async (): Promise<string | undefined> => {
    const [row] = await claimDeliveries(store.database, worker, { channel: 'email', priority: 'high' }, 1);
    const permit = pause.permit('high', 1);
    if (row !== undefined) await deliver(row, permit);
    else pause.unused(permit);
    return row?.recipient;
  };
  return { next, told, fatal };
}

const queue = (...recipients: readonly string[]) =>
  insertNotifications(
    store.database,
    recipients.map((recipient) => queuedMessage({ seal, recipient })),
  );
const waiting = z.object({
  recipient: z.string(),
  attempt: z.number(),
  last_status: z.string(),
  reason: z.string().nullable(),
  claimed: z.boolean(),
  held: z.boolean(),
  /** Seconds. */
  away: z.number(),
});
const queueNow = () =>
  store.database.rows(
    `SELECT d.recipient, d.attempt, d.last_status, l.reason, d.claimed_by IS NOT NULL AS claimed,
            d.due_at = 'infinity' AS held,
            CASE WHEN d.due_at = 'infinity' THEN 0 ELSE round(extract(epoch FROM d.due_at - now()), 1) END::float8 AS away
     FROM communications_delivery d JOIN communications_email_log l USING (notification_id) ORDER BY d.id`,
    [],
    waiting,
  );

describe('a message whose template this build lacks', () => {
  it('waits for one that has it, at no cost', async () => {
    await queue('jane@example.com');
    const { next, told, fatal } = delivery({ hasTemplate: (path) => path !== 'auth/otp' });
    await next();
    expect(fatal).toEqual([]);
    const [row] = await queueNow();
    expect(row).toMatchObject({ attempt: 0, last_status: 'QUEUED', claimed: false, held: false });
    expect(row?.away).toBeGreaterThan(13);
    expect(row?.away).toBeLessThanOrEqual(15);
    expect(told).toEqual(['templates: this build has no template auth/otp: deploy one that has it']);
  });

  it('fails when that has gone on for longer than any deployment, and can be resent', async () => {
    await queue('jane@example.com');
    await store.database.run(`UPDATE communications_delivery SET created_at = now() - interval '11 minutes'`);
    const { next, fatal } = delivery({ hasTemplate: () => false });
    await next();
    expect(fatal).toEqual([]);
    expect(await queueNow()).toMatchObject([{ last_status: 'FAILED', reason: 'render_error', held: true }]);
  });
});

/** What a mail server answers about some, and says of every message to them. */
const answering = (outcomes: Readonly<Record<string, SendOutcome>>) => {
  const sink = createSinkProvider<EmailMessage>();
  return outletOf({
    ...sink,
    send: async (message, deadlineMs) => outcomes[message.to.address] ?? sink.send(message, deadlineMs),
  });
};

describe('a message whose answer is taken for a fault of the whole provider', () => {
  it('leaves the next probe to another one, and stays away longer each time', async () => {
    let now = 0;
    const pause = createProviderPause(() => now);
    const fault = { kind: 'provider', reason: 'auth_failed', detail: '530 not for this one' } as const;
    const { next } = delivery({ pause, outlet: answering({ 'odd@example.com': fault }) });
    await queue('odd@example.com', 'jane@example.com', 'joe@example.com');
    const awayOfOdd = async () => {
      const [odd] = await queueNow();
      expect(odd).toMatchObject({ recipient: 'odd@example.com', attempt: 0, claimed: false });
      return odd?.away ?? 0;
    };

    expect(await next()).toBe('odd@example.com');
    now += 500;
    expect(await next()).toBe('odd@example.com');
    expect(await awayOfOdd()).toBeGreaterThan(1);
    now += 1_000;
    expect(await next()).toBe('jane@example.com');
    expect(pause.state()).toBeNull();
    expect(await next()).toBe('joe@example.com');

    for (const away of [2, 3]) {
      await store.database.run('UPDATE communications_delivery SET due_at = now()');
      now += 60_000;
      expect(await next()).toBe('odd@example.com');
      expect(await awayOfOdd()).toBeGreaterThanOrEqual(away - 0.2);
      pause.answered();
    }
  });
});

describe('messages that do not open', () => {
  it('wait at no cost and are told of once, without a word of what is in them', async () => {
    const lines: string[] = [];
    const other = createSeal([{ id: 'k2', key: randomBytes(32) }]);
    const { next, told, fatal } = delivery({
      seal: other,
      log: createLog({
        level: 'info',
        instance: 'test',
        version: 'test',
        destination: { write: (line) => void lines.push(line) },
      }),
    });
    await queue('jane@example.com', 'joe@example.com');
    await next();
    await next();
    expect(fatal).toEqual([]);
    const rows = await queueNow();
    for (const row of rows) {
      expect(row).toMatchObject({ attempt: 0, last_status: 'QUEUED', claimed: false });
      expect(row.away).toBeGreaterThan(13);
    }
    expect(rows).toHaveLength(2);
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('no key "k1"');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('k1');
  });

  it('under a key of the same name wait too: altered bytes look the same', async () => {
    const { next, fatal } = delivery({ seal: createSeal([{ id: 'k1', key: randomBytes(32) }]) });
    await queue('jane@example.com');
    await next();
    expect(fatal).toEqual([]);
    expect(await queueNow()).toMatchObject([{ attempt: 0, last_status: 'QUEUED', claimed: false }]);
  });
});

describe('an attempt that we ended ourselves', () => {
  it('does not end the pause of a provider: it says nothing of it', async () => {
    let now = 0;
    const pause = createProviderPause(() => now);
    pause.failed(pause.permit('high', 1), 'unreachable');
    now += 500;
    const dropped = { kind: 'transient', reason: 'unreachable', detail: 'dropped', byUs: true } as const;
    const { next } = delivery({ pause, outlet: answering({ 'jane@example.com': dropped }) });
    await queue('jane@example.com', 'joe@example.com');
    await next();
    expect(await queueNow()).toMatchObject([{ last_status: 'RETRYING' }, { last_status: 'QUEUED' }]);
    expect(pause.state()).not.toBeNull();
    await next();
    expect(pause.state()).toBeNull();
  });
});
