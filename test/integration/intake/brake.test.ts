import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { BrakeLimits } from '../../../src/domain/brake.js';
import { openDatabase } from '../../../src/store/database.js';
import { heldMessages } from '../../../src/store/held-messages.js';
import { order, otp } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());
beforeEach(async () => {
  kit.logs.splice(0);
  await kit.database.run(`TRUNCATE communications_inbox, communications_email_log, communications_sms_log,
    communications_delivery, communications_brake, communications_skip`);
});

const HOUR = 3_600_000;
const limits = (perRule: number | null, perRecipient: number | null) => ({
  limitsOf: (): BrakeLimits => ({
    perRule: perRule === null ? null : { messages: perRule, perMs: HOUR },
    perRecipient: perRecipient === null ? null : { messages: perRecipient, perMs: HOUR },
  }),
});
const code = (email: string, change: Parameters<typeof otp>[0] = {}) =>
  kit.record(
    kit.bakery.publisher.encode('otp.requested', otp({ ...change, user: { email, ...change.user } })),
  );
const placed = () =>
  kit.record(kit.bakery.publisher.encode('order.created', order()), { event: 'order.created' });

const row = z.object({
  recipient: z.string(),
  last_status: z.string(),
  reason: z.string().nullable(),
  due: z.boolean(),
});
const messages = () =>
  kit.database.rows(
    `SELECT d.recipient, d.last_status, l.reason, d.due_at < 'infinity' AS due FROM communications_delivery d
       LEFT JOIN communications_email_log l USING (notification_id) ORDER BY d.id`,
    [],
    row,
  );
const dueOf = async (recipient: string) =>
  (await messages()).filter((one) => one.recipient === recipient).map(({ due }) => due);

it('holds what exceeds the limit of a rule, within a batch and over batches', async () => {
  const change = limits(5, null);
  await kit.takeIn(
    [1, 2, 3].map((n) => code(`p${n}@example.com`)),
    change,
  );
  await kit.takeIn(
    [4, 5, 6, 7].map((n) => code(`p${n}@example.com`)),
    change,
  );
  expect((await messages()).map(({ due }) => due)).toEqual([true, true, true, true, true, false, false]);
  expect(await messages()).toContainEqual({
    recipient: 'p6@example.com',
    last_status: 'QUEUED',
    reason: 'held',
    due: false,
  });
});

it('lets other rules through', async () => {
  const change = limits(1, null);
  await kit.takeIn([code('p1@example.com'), code('p2@example.com')], change);
  await kit.takeIn([placed()], change);
  expect((await messages()).map(({ due }) => due)).toEqual([true, false, true]);
});

it('holds what one person would get too much of, and does not count that for the rule', async () => {
  const change = limits(6, 2);
  await kit.takeIn(
    Array.from({ length: 10 }, () => code('flooded@example.com')),
    change,
  );
  await kit.takeIn(
    [1, 2, 3, 4, 5].map((n) => code(`p${n}@example.com`)),
    change,
  );
  expect(await dueOf('flooded@example.com')).toEqual([true, true, ...Array.from({ length: 8 }, () => false)]);
  expect((await messages()).slice(10).map(({ due }) => due)).toEqual([true, true, true, true, false]);
});

it('counts each channel of a person by itself', async () => {
  const both = { channel: 'BOTH', user: { phone: '+254700000001' } } as const;
  await kit.takeIn([code('p1@example.com', both), code('p1@example.com', both)], limits(null, 1));
  expect((await messages()).map(({ due }) => due).sort()).toEqual([false, false, true, true]);
});

it('counts nobody whose address can not be written to', async () => {
  await kit.takeIn(
    ['no address', 'none either', 'p1@example.com'].map((to) => code(to)),
    limits(1, null),
  );
  expect(await dueOf('p1@example.com')).toEqual([true]);
});

it('begins anew when the window is over', async () => {
  const change = limits(2, 1);
  await kit.takeIn([code('p1@example.com'), code('p1@example.com')], change);
  await kit.database.run(`UPDATE communications_brake SET window_end = now()`);
  await kit.takeIn([code('p1@example.com'), code('p1@example.com')], change);
  expect((await messages()).map(({ due }) => due)).toEqual([true, false, true, false]);
});

it('keeps to the limit when two instances read at once', async () => {
  const second = openDatabase({ url: kit.bakery.databaseUrl, poolSize: 3, onError: () => {} });
  try {
    const change = limits(20, null);
    const batches = Array.from({ length: 10 }, (_, batch) =>
      Array.from({ length: 5 }, (_, n) => code(`p${batch}-${n}@example.com`)),
    );
    await Promise.all(
      batches.map((batch, index) =>
        kit.takeIn(batch, { ...change, database: index % 2 === 0 ? kit.database : second }),
      ),
    );
    const due = (await messages()).map((one) => one.due);
    expect(due).toHaveLength(50);
    expect(due.filter(Boolean)).toHaveLength(20);
  } finally {
    await second.close();
  }
});

it('tells people, naming the rule and nobody', async () => {
  await kit.takeIn(
    [1, 2, 3].map((n) => code(`p${n}@example.com`)),
    limits(1, null),
  );
  const warned = kit.logs.filter((line) => line.includes('the brake holds messages'));
  expect(warned).toHaveLength(1);
  expect(JSON.parse(warned[0] ?? '')).toMatchObject({ rule: 'auth/verification-code', messages: 2 });
  expect(warned.join()).not.toContain('example.com');
  expect(await heldMessages(kit.database)).toMatchObject([{ rule: 'auth/verification-code', messages: 2 }]);
});

it('keeps who was counted as a keyed hash only', async () => {
  await kit.takeIn([code('p1@example.com')], limits(5, 5));
  const keys = await kit.database.rows(
    'SELECT length(key) AS length FROM communications_brake ORDER BY length(key)',
    [],
    z.object({ length: z.number() }),
  );
  expect(keys.map(({ length }) => length)).toEqual([0, 32]);
});

it('keeps in the story of a message which limit held it', async () => {
  await kit.takeIn([code('p1@example.com'), code('p1@example.com')], limits(9, 1));
  await kit.takeIn([code('p2@example.com'), code('p3@example.com')], limits(2, null));
  const stories = await kit.database.rows(
    `SELECT recipient, history->0->>'answer' AS told FROM communications_email_log WHERE reason = 'held' ORDER BY id`,
    [],
    z.object({ recipient: z.string(), told: z.string() }),
  );
  expect(stories).toEqual([
    { recipient: 'p1@example.com', told: '1 in 1 h to one person by one channel' },
    { recipient: 'p3@example.com', told: '2 in 1 h' },
  ]);
});
