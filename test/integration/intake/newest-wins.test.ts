import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { retryDeadLetter } from '../../../src/intake/retry-dead-letter.js';
import { createWaking } from '../../../src/intake/wake-parked.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { consumer, direct, type EngineRule, on, role } from '../../../src/rules/words.js';
import { order, profile } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

/** Order confirmations of which only the newest counts, one for each order. */
const newest = (change: Partial<EngineRule> = {}) => {
  const entry = on('order.created', {
    rule: 'newest-confirmation',
    category: 'orders',
    to: direct((e) => e.customer),
    template: 'sales/order_confirmation',
    via: ['email'],
    priority: 'medium',
    collapse: { by: (e) => e.order_id, within: '15m', keep: 'newest' },
    context: (e) => ({
      name: e.customer.name,
      order_number: e.order_number,
      placed_at: e.placed_at,
      delivery_date: e.delivery_date,
      lines: e.lines,
      total: e.total,
      currency: e.currency,
      notes: e.notes,
    }),
  });
  return {
    ruleBook: kit.ruleBookOf({
      ...consumer('sales', []),
      entries: [{ ...entry, rule: { ...entry.rule, ...change } }],
    }),
  };
};

const T0 = Date.now() - 60_000;
/** The version is the order's number. */
const version = (orderId: string, number: string, secondsAfter: number, offset?: bigint) =>
  kit.record(
    kit.bakery.publisher.encode(
      'order.created',
      order({
        order_id: orderId,
        order_number: number,
        customer: { user_id: 70, email: `${orderId}@example.com` },
      }),
    ),
    {
      event: 'order.created',
      id: `${orderId}-${number}`,
      headers: { ce_time: new Date(T0 + secondsAfter * 1_000).toISOString() },
      ...(offset !== undefined && { offset }),
    },
  );

const state = z.object({
  event_id: z.string(),
  status: z.string().nullable(),
  reason: z.string().nullable(),
  due_in: z.number().nullable(),
});
/** One line per event of an order: what its message, or its skip, has come to. */
const statesOf = async (orderId: string) => {
  const rows = await kit.database.rows(
    `SELECT i.event_id, l.last_status AS status, coalesce(l.reason, s.reason) AS reason,
            round(extract(epoch FROM d.due_at) - $2)::integer AS due_in
       FROM communications_inbox i
       LEFT JOIN communications_email_log l ON l.event_ref = i.id
       LEFT JOIN communications_delivery d USING (notification_id)
       LEFT JOIN communications_skip s ON s.event_ref = i.id
      WHERE i.event_id LIKE $1 || '-%' ORDER BY i.event_id`,
    [orderId, T0 / 1_000],
    state,
  );
  return rows.map(({ event_id, status, reason, due_in }) =>
    [event_id, status ?? 'no message', reason, due_in === null ? null : `due +${due_in}s`]
      .filter(Boolean)
      .join(' '),
  );
};

it('lets the first wait, and the newest take its place and its time', async () => {
  await kit.takeIn([version('a', '1', 0)], newest());
  expect(await statesOf('a')).toEqual(['a-1 QUEUED due +900s']);
  await kit.takeIn([version('a', '2', 30)], newest());
  await kit.takeIn([version('a', '3', 40)], newest());
  expect(await statesOf('a')).toEqual([
    'a-1 CANCELLED superseded',
    'a-2 CANCELLED superseded',
    'a-3 QUEUED due +900s',
  ]);
});

it('makes no message at all of what is superseded within its batch', async () => {
  await kit.takeIn([version('b', '1', 0), version('b', '2', 1), version('b', '3', 2)], newest());
  expect(await statesOf('b')).toEqual([
    'b-1 no message superseded',
    'b-2 no message superseded',
    'b-3 QUEUED due +900s',
  ]);
});

it('sends nothing older than what waits', async () => {
  await kit.takeIn([version('c', '2', 30)], newest());
  await kit.takeIn([version('c', '1', 0)], newest());
  expect(await statesOf('c')).toEqual(['c-1 no message superseded', 'c-2 QUEUED due +930s']);
});

it('publishes that it was cancelled, after that it was queued', async () => {
  await kit.takeIn([version('d', '1', 0)], newest());
  await kit.takeIn([version('d', '2', 1)], newest());
  const rows = await kit.database.rows(
    `SELECT l.sequence, l.status, l.finished_at IS NOT NULL AS finished, l.history->-1->>'status' AS told,
            (SELECT count(*)::integer FROM communications_outbox o WHERE o.key = convert_to(l.notification_id::text, 'UTF8')) AS published
       FROM communications_email_log l JOIN communications_inbox i ON i.id = l.event_ref WHERE i.event_id = 'd-1'`,
    [],
    z.object({
      sequence: z.number(),
      status: z.string(),
      finished: z.boolean(),
      told: z.string(),
      published: z.number(),
    }),
  );
  expect(rows).toEqual([
    { sequence: 2, status: 'REJECTED', finished: true, told: 'CANCELLED', published: 2 },
  ]);
});

it('leaves alone what is on the wire: then both go out', async () => {
  await kit.takeIn([version('e', '1', 0)], newest());
  await kit.database.run(
    `UPDATE communications_delivery SET claimed_by = gen_random_uuid(), claimed_epoch = 1, claimed_at = now(),
       claim_id = gen_random_uuid() WHERE recipient = 'e@example.com'`,
  );
  await kit.takeIn([version('e', '2', 1)], newest());
  expect(await statesOf('e')).toEqual(['e-1 QUEUED due +900s', 'e-2 QUEUED due +900s']);
});

it('takes the place of what waits for its recipient, too', async () => {
  const toDispatch = newest({ to: role('DISPATCH') });
  await kit.takeIn([version('f', '1', 0)], toDispatch);
  await kit.takeIn([version('f', '2', 1)], toDispatch);
  const parked = await kit.database.rows(
    `SELECT i.event_id FROM communications_parked p JOIN communications_inbox i ON i.id = p.event_ref
      WHERE i.event_id LIKE 'f-%'`,
    [],
    z.object({ event_id: z.string() }),
  );
  expect(parked).toEqual([{ event_id: 'f-2' }]);
  expect(await statesOf('f')).toEqual(['f-1 no message superseded', 'f-2 no message']);
});

it('forgets what failed of the one that it replaces: sent again, it would be older than what people know', async () => {
  await kit.takeIn([version('j', '1', 0)], newest());
  await kit.database.run(
    `UPDATE communications_delivery SET last_status = 'FAILED', due_at = 'infinity' WHERE recipient = 'j@example.com'`,
  );
  await kit.takeIn([version('j', '2', 1)], newest());
  expect(await statesOf('j')).toEqual(['j-1 QUEUED', 'j-2 QUEUED due +900s']);
});

it('waits no longer than it lives: a minute is left to send it', async () => {
  const short = newest({ expires: () => new Date(T0 + 300_000) });
  await kit.takeIn([version('k', '1', 0)], short);
  expect(await statesOf('k')).toEqual(['k-1 QUEUED due +240s']);
});

it('begins a new window once the last is over', async () => {
  await kit.takeIn([version('g', '1', -1_800)], newest());
  await kit.takeIn([version('g', '2', 0)], newest());
  expect(await statesOf('g')).toEqual(['g-1 QUEUED due +-900s', 'g-2 QUEUED due +900s']);
});

it('gives a dead letter that is taken in again the slot that it had', async () => {
  let broken = true;
  const once = newest({
    rule: 'once',
    collapse: { by: () => 'h', within: 'ever' },
    // What JSON can't hold is found out when the message is built: the slot is taken by then.
    context: (e: unknown, happened) => ({
      ...Object(newest().ruleBook.all[0]?.context(e, happened)),
      ...(broken && { notes: 1n }),
    }),
  });
  await kit.takeIn([version('h', '1', 0)], once);
  const [letter] = await kit.database.rows(
    `SELECT id FROM communications_dead_letter WHERE event_id = 'h-1'`,
    [],
    z.object({ id: z.string() }),
  );
  broken = false;
  await kit.takeIn([version('h', '2', 1)], once);
  const retried = await retryDeadLetter(letter?.id ?? '', { ...kit.options, ...once });
  expect(retried).toEqual({ kind: 'resolved', outcome: 'accepted' });
  expect((await statesOf('h')).map((line) => line.replace(/ due.*/, ''))).toEqual([
    'h-1 QUEUED',
    'h-2 no message already_sent',
  ]);
});

it('wakes what was parked without asking for its slot again', async () => {
  const toSecurity = newest({
    to: role('SECURITY'),
    rule: 'parked-once',
    collapse: { by: () => 'i', within: 'ever' },
  });
  await kit.takeIn([version('i', '1', 0)], toSecurity);
  await kit.takeIn([
    kit.record(kit.bakery.publisher.encode('profile.updated', profile({ user_id: 71, role: 'SECURITY' })), {
      event: 'profile.updated',
    }),
  ]);
  await createWaking({
    ...kit.options,
    metrics: createMetrics(),
    log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
  })();
  expect((await statesOf('i')).map((line) => line.replace(/ due.*/, ''))).toEqual(['i-1 QUEUED']);
});
