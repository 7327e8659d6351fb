import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { consumers } from '../../../consumers/all.js';
import { consumer, direct, on, role } from '../../../src/rules/words.js';
import { placesWith } from '../../helpers/find-everywhere.js';
import { runComms } from '../../helpers/run-comms.js';
import { order, otp, profile, stockLow } from '../../helpers/sample-events.js';
import { openReplayKit, type ReplayKit } from './replay-kit.js';

let kit: ReplayKit;
beforeEach(async () => {
  kit = await openReplayKit();
});
afterEach(() => kit?.close());

const HOUR = 3_600_000;

/** One that tells the office of every order, beside the customer. */
const toOffice = consumer('sales', [
  on('order.created', {
    rule: 'tell-office',
    category: 'orders',
    to: role('ADMIN'),
    template: 'sales/order_confirmation',
    via: ['email'],
    priority: 'low',
    brake: { perRule: '2/1h' },
    context: (e) => ({
      name: 'Office',
      order_number: e.order_number,
      placed_at: e.placed_at,
      delivery_date: e.delivery_date,
      lines: e.lines,
      total: e.total,
      currency: e.currency,
      notes: e.notes,
    }),
  }),
]);
const withOffice = [...consumers, toOffice];

const publishOrder = (id: string, change: Parameters<typeof order>[0] = {}, time = new Date()) =>
  kit.bakery.publisher.publish(
    'order.created',
    order({ customer: { email: `${id}@example.com` }, ...change }),
    {
      id,
      partition: 0,
      time,
    },
  );

async function arrive(userId: number): Promise<void> {
  const value = kit.bakery.publisher.encode('profile.updated', profile({ user_id: userId, role: 'ADMIN' }));
  await kit.takeIn([kit.record(value, { event: 'profile.updated' })]);
}

const count = z.object({ n: z.number() });
async function countOf(sql: string): Promise<number> {
  const [row] = await kit.database.rows(`SELECT count(*)::integer AS n FROM ${sql}`, [], count);
  return row?.n ?? -1;
}

async function groups() {
  const admin = kit.bakery.kafka.admin();
  await admin.connect();
  try {
    const { groups } = await admin.listGroups();
    const own = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(kit.bakery.prefix));
    return await Promise.all(
      own.sort().map(async (groupId) => ({ groupId, offsets: await admin.fetchOffsets({ groupId }) })),
    );
  } finally {
    await admin.disconnect();
  }
}

it('shows what a rule written since would send beside what was sent, and changes nothing', async () => {
  await publishOrder('one');
  await publishOrder('two');
  await kit.takeInTopic('order.created', 2);
  await kit.database.run(
    `UPDATE communications_email_log SET last_status = 'SENT', status = 'SENT', accepted_at = now()
      WHERE recipient = 'one@example.com'`,
  );
  await arrive(7);
  const before = { rows: await kit.contents(), groups: await groups() };

  const { lines, outcomes } = await kit.replay('order.created', { rules: withOffice, dryRun: true });
  expect(outcomes).toEqual({ send: 2, 'there SENT': 1, 'there QUEUED': 1 });
  expect(lines.filter(({ outcome }) => outcome === 'send')).toMatchObject([
    {
      rule: 'sales/tell-office',
      recipient: 'u***@example.com',
      differs: 'the rule is new',
      event: { id: 'one' },
    },
    { rule: 'sales/tell-office', channel: 'email', event: { id: 'two', isNew: false } },
  ]);
  expect(lines.find(({ status }) => status === 'SENT')).toMatchObject({
    rule: 'sales/order-confirmation',
    recipient: 'o***@example.com',
    at: expect.any(Date),
    differs: null,
  });
  expect({ rows: await kit.contents(), groups: await groups() }).toEqual(before);
});

it('sends what was never sent, and the second time nothing', async () => {
  await publishOrder('one');
  await publishOrder('two');
  await kit.takeInTopic('order.created', 2);
  await arrive(7);
  const log = await countOf('communications_email_log');

  expect((await kit.replay('order.created', { rules: withOffice })).outcomes).toEqual({
    send: 2,
    'there QUEUED': 2,
  });
  expect(await countOf('communications_email_log')).toBe(log + 2);
  expect(await countOf(`communications_delivery WHERE rule = 'sales/tell-office'`)).toBe(2);

  const rows = await kit.contents();
  expect((await kit.replay('order.created', { rules: withOffice })).outcomes).toEqual({ 'there QUEUED': 4 });
  expect(await kit.contents()).toEqual(rows);
});

it('tells somebody who came since, and writes to nobody who was told before', async () => {
  await arrive(7);
  await publishOrder('one');
  await kit.takeInTopic('order.created', 1, withOffice);
  await arrive(8);
  const { lines, outcomes } = await kit.replay('order.created', { rules: withOffice });
  expect(outcomes).toEqual({ send: 1, 'there QUEUED': 2 });
  expect(lines[0]).toMatchObject({ outcome: 'send', differs: 'the recipient is new' });
  expect(
    await countOf(`communications_email_log WHERE rule = 'sales/tell-office' AND recipient_id = 8`),
  ).toBe(1);
});

it('names what the rules of today would not send any more', async () => {
  await publishOrder('one');
  await kit.takeInTopic('order.created', 1);
  const { lines } = await kit.replay('order.created', { rules: [toOffice], dryRun: true });
  expect(lines).toContainEqual(
    expect.objectContaining({ outcome: 'there', differs: 'there is no such rule any more' }),
  );
});

it('takes a rule under another name, and a person under another key, for the same', async () => {
  await publishOrder('one');
  await kit.takeInTopic('order.created', 1);
  const rule = (name: string, userId: number | null) =>
    consumer('sales', [
      on('order.created', {
        rule: name,
        category: 'orders',
        to: direct((e) => ({
          ...e.customer,
          user_id: userId,
          email: e.customer.email?.toUpperCase() ?? null,
        })),
        template: 'sales/order_confirmation',
        via: ['email'],
        priority: 'high',
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
      }),
    ]);
  const renamed = await kit.replay('order.created', { rules: [rule('confirm-order', null)] });
  expect(renamed.outcomes).toEqual({ left: 1, 'there QUEUED': 1 });
  expect(renamed.lines).toContainEqual(
    expect.objectContaining({
      outcome: 'left',
      rule: 'sales/confirm-order',
      recipient: 'o***@example.com',
      detail: 'sales/order-confirmation has told it in the same words, and is no more',
    }),
  );
  const rekeyed = await kit.replay('order.created', { rules: [rule('order-confirmation', 12)] });
  expect(rekeyed.outcomes).toEqual({ 'there QUEUED': 1 });
  expect(rekeyed.lines[0]).toMatchObject({ differs: null });
  expect(await countOf('communications_email_log')).toBe(1);
});

it('takes events in as new ones of which the inbox knows nothing, and then they are duplicates', async () => {
  await publishOrder('kept');
  await publishOrder('lost');
  await kit.takeInTopic('order.created', 2);
  for (const table of ['email_log', 'delivery', 'inbox']) {
    await kit.database.run(`DELETE FROM communications_${table}
      WHERE ${table === 'inbox' ? 'id' : 'event_ref'} IN (SELECT max(id) FROM communications_inbox)`);
  }
  const one = await kit.replay('order.created', { rule: 'sales/order-confirmation', dryRun: true });
  expect(one.lines.find(({ outcome }) => outcome === 'left')).toMatchObject({
    event: { id: 'lost', isNew: true },
    detail: expect.stringContaining('without --rule'),
  });

  const { lines, outcomes } = await kit.replay('order.created');
  expect(outcomes).toEqual({ send: 1, 'there QUEUED': 1 });
  expect(lines[0]).toMatchObject({ event: { id: 'lost', isNew: true }, recipient: 'l***@example.com' });
  await kit.takeInTopic('order.created', 2);
  expect(await countOf('communications_email_log')).toBe(2);
  expect(await countOf('communications_inbox')).toBe(2);
});

it('lets an event keep its own slot, and others stay collapsed', async () => {
  await arrive(7);
  for (const [id, ago] of [
    ['first', 2 * HOUR],
    ['again', HOUR],
  ] as const) {
    await kit.bakery.publisher.publish('stock.low', stockLow(), {
      id,
      partition: 0,
      time: new Date(Date.now() - ago),
    });
  }
  await kit.takeInTopic('stock.low', 2);
  // Nobody is PRODUCT_MANAGER.
  const before = { 'there QUEUED': 1, waits: 1, 'skipped collapsed': 1 };
  expect((await kit.replay('stock.low')).outcomes).toEqual(before);

  await arrive(8);
  const { lines, outcomes } = await kit.replay('stock.low');
  expect(outcomes).toEqual({ ...before, send: 1 });
  expect(lines[0]).toMatchObject({ outcome: 'send', event: { id: 'first' } });
});

it('says the same in a dry run as really comes of it, over many transactions', async () => {
  await arrive(7);
  // More than one transaction takes, and more than the brake lets through.
  const flood = Array.from({ length: 210 }, (_, n) => publishOrder(`flood-${n}`));
  await Promise.all(flood);
  for (const id of ['a', 'b']) {
    for (const level of ['LOW', 'OUT'] as const) {
      const event = stockLow({ item_id: 5, alert_level: level });
      await kit.bakery.publisher.publish('stock.low', event, {
        id: `${id}-${level}`,
        partition: id === 'a' ? 0 : 1,
      });
    }
  }
  const how = { rules: withOffice, environment: { BRAKE_PER_RULE: '205/1h' } };
  for (const event of ['order.created', 'stock.low']) {
    const dry = await kit.replay(event, { ...how, dryRun: true });
    const real = await kit.replay(event, how);
    expect(real.outcomes).toEqual(dry.outcomes);
    expect(real.outcomes).toEqual(
      event === 'stock.low'
        ? { send: 2, waits: 2, 'skipped no_address': 1, 'skipped collapsed': 2 }
        : { send: 205 + 2, 'held held': 5 + 208 },
    );
  }
});

it('lets the newest of a range take the place of what earlier chunks have brought', async () => {
  await arrive(7);
  const newest = consumer('inventory', [
    on('stock.low', {
      rule: 'newest-level',
      category: 'stock',
      to: role('ADMIN'),
      template: 'inventory/low_stock_alert',
      via: ['email'],
      priority: 'low',
      collapse: { by: (e) => [e.item_id], within: '6h', keep: 'newest' },
      context: (e, { at }) => ({
        item: e.item_name,
        category: e.category,
        as_of: at,
        level: e.alert_level,
        stock: e.current_stock,
        threshold: e.reorder_level,
        unit: e.unit,
        days_remaining: e.days_remaining,
      }),
    }),
  ]);
  const publish = (id: string, itemId: number, time: number) =>
    kit.bakery.publisher.publish('stock.low', stockLow({ item_id: itemId }), {
      id,
      partition: 0,
      time: new Date(time),
    });
  const start = Date.now() - HOUR;
  await publish('older', 1, start);
  // So that the next one comes in another transaction.
  await Promise.all(Array.from({ length: 200 }, (_, n) => publish(`other-${n}`, 100 + n, start + 1)));
  await publish('newer', 1, start + 2);

  const dry = await kit.replay('stock.low', { rules: [newest], dryRun: true });
  const real = await kit.replay('stock.low', { rules: [newest] });
  expect(dry.outcomes).toEqual({ send: 201, 'superseded superseded': 1 });
  expect(real.outcomes).toEqual(dry.outcomes);
  expect(real.lines.filter(({ outcome }) => outcome === 'superseded')).toMatchObject([
    { event: { id: 'older' } },
  ]);
  expect(await countOf(`communications_email_log WHERE last_status = 'CANCELLED'`)).toBe(1);
});

it('does not use up the brake with what was sent before', async () => {
  await arrive(7);
  for (const id of ['one', 'two', 'three']) await publishOrder(id);
  await kit.takeInTopic('order.created', 3);
  await kit.database.run('DELETE FROM communications_brake');
  const braked = { rules: withOffice, environment: { BRAKE_PER_RULE: '1/1h' } };
  expect((await kit.replay('order.created', braked)).outcomes).toEqual({
    send: 2,
    'held held': 1,
    'there QUEUED': 3,
  });
  expect(await countOf(`communications_brake WHERE rule = 'sales/order-confirmation'`)).toBe(0);
});

it('sends nothing that has expired, and leaves the story of what was sent alone', async () => {
  await arrive(7);
  await publishOrder('old', {}, new Date(Date.now() - 25 * HOUR));
  await publishOrder('sent');
  await kit.takeInTopic('order.created', 2);
  // As if it had been sent yesterday.
  await kit.bakery.publisher.publish('otp.requested', otp({ expires_at: new Date(Date.now() + 500) }), {
    id: 'code',
    partition: 0,
  });
  await kit.takeInTopic('otp.requested', 1);
  const skips = await countOf('communications_skip');
  const orders = await kit.replay('order.created');
  expect(orders.outcomes).toEqual({ 'there QUEUED': 1, 'skipped too_old': 1 });
  await kit.database.run(`SELECT pg_sleep(0.6)`);
  expect((await kit.replay('otp.requested')).outcomes).toEqual({ 'there QUEUED': 1 });
  expect(await countOf('communications_skip')).toBe(skips);
});

const broken = consumer('sales', [
  on('order.created', {
    rule: 'order-confirmation',
    category: 'orders',
    to: direct(() => {
      throw new TypeError('somebody made a mistake');
    }),
    template: 'sales/order_confirmation',
    via: ['email'],
    priority: 'high',
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
  }),
]);

it('resolves the dead letters of what it sends, and leaves what somebody has discarded', async () => {
  await publishOrder('mended');
  await publishOrder('discarded');
  await kit.bakery.publisher.publishRaw([
    { topic: 'order.created', value: Buffer.from('{"note":"482913"}'), partition: 0 },
  ]);
  await kit.takeInTopic('order.created', 3, [broken]);
  await kit.database.run(
    `UPDATE communications_dead_letter SET resolved_at = now(), note = 'a test' WHERE event_id = 'discarded'`,
  );
  const again = await kit.replay('order.created', { rules: [broken] });
  expect(again.outcomes).toEqual({ 'dead letter mapping_error': 1, 'dead letter undecodable': 1, left: 1 });
  expect(again.tally.newLetters()).toBe(0);
  expect(await countOf('communications_dead_letter')).toBe(3);

  const { lines, outcomes } = await kit.replay('order.created');
  expect(outcomes).toEqual({ send: 1, left: 1, 'dead letter undecodable': 1 });
  expect(lines.find(({ outcome }) => outcome === 'send')).toMatchObject({
    event: { id: 'mended' },
    differs: 'it was a dead letter',
  });
  expect(await countOf('communications_email_log')).toBe(1);
  expect(await countOf(`communications_dead_letter WHERE resolved_at IS NULL`)).toBe(1);
});

it('tells a second event under the same identity from the first come again', async () => {
  await publishOrder('twice');
  await publishOrder('twice', { order_number: 'another' });
  const same = order({ customer: { email: 'same@example.com' } });
  for (let n = 0; n < 2; n++) {
    await kit.bakery.publisher.publish('order.created', same, { id: 'same', partition: 0 });
  }
  const expected = { send: 2, repeated: 1, 'dead letter event_id_conflict': 1 };
  expect((await kit.replay('order.created', { dryRun: true })).outcomes).toEqual(expected);
  expect((await kit.replay('order.created')).outcomes).toEqual(expected);
  expect((await kit.replay('order.created')).outcomes).toEqual({
    'there QUEUED': 2,
    repeated: 1,
    'dead letter event_id_conflict': 1,
  });
});

it('writes to nobody who has been forgotten, or has left, since', { timeout: 120_000 }, async () => {
  await publishOrder('guest', { customer: { name: 'Jane', email: 'jane@example.com' } });
  await publishOrder('customer', { customer: { user_id: 12, email: 'twelve@example.com' } });
  await kit.takeInTopic('order.created', 2);
  for (const who of ['jane@example.com', 'user:12']) {
    const { code } = await runComms(['forget', who, '--yes'], { environment: kit.bakery.environment });
    expect(code).toBe(0);
  }
  await kit.database.run('DELETE FROM communications_delivery');
  const thanks = consumer('sales', [
    on('order.created', {
      rule: 'thank-you',
      category: 'orders',
      to: direct((e) => e.customer),
      template: 'sales/order_confirmation',
      via: ['email'],
      priority: 'low',
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
    }),
  ]);
  const log = await countOf('communications_email_log');
  const { lines } = await kit.replay('order.created', { rules: [...consumers, thanks] });
  expect(lines.filter(({ outcome }) => outcome === 'send')).toEqual([]);
  expect(lines).toContainEqual(
    expect.objectContaining({
      outcome: 'left',
      rule: 'sales/thank-you',
      detail: expect.stringContaining('forgotten'),
    }),
  );
  expect(await countOf('communications_email_log')).toBe(log);
});

it('reads the part that is wanted, by offset or by time', async () => {
  for (const id of ['zero', 'one', 'two', 'three']) await publishOrder(id);
  const ids = async (from: bigint, to: bigint | null, partition: number) =>
    (
      await kit.replay('order.created', {
        dryRun: true,
        from: { kind: 'offset', offset: from },
        to: to === null ? null : { kind: 'offset', offset: to },
        partition,
      })
    ).lines.map(({ event }) => event.id);
  expect(await ids(1n, 2n, 0)).toEqual(['one', 'two']);
  expect(await ids(3n, null, 0)).toEqual(['three']);
  expect(await ids(0n, 9n, 1)).toEqual([]);
  const soon = await kit.replay('order.created', {
    dryRun: true,
    from: { kind: 'time', at: new Date(Date.now() + HOUR) },
  });
  expect(soon.lines).toEqual([]);
  const before = await kit.replay('order.created', {
    dryRun: true,
    from: { kind: 'time', at: new Date(0) },
    to: { kind: 'time', at: new Date(Date.now() + HOUR) },
  });
  expect(before.lines).toHaveLength(4);
});

it('prints no address, no code and nothing of an event', { timeout: 120_000 }, async () => {
  const change = {
    user: { email: 'secret-person@example.com', phone: '+254712345678' },
    channel: 'BOTH',
  } as const;
  await kit.bakery.publisher.publish('otp.requested', otp(change), { id: 'code', partition: 0 });
  await kit.bakery.publisher.publishRaw([
    { topic: 'otp.requested', value: Buffer.from('482913 secret-person@example.com'), partition: 0 },
  ]);
  for (const flags of [['--dry-run', '--json'], ['--json'], ['--dry-run'], []]) {
    const { stdout, stderr } = await runComms(['replay', 'otp.requested', '--from', '1h', ...flags], {
      environment: kit.bakery.environment,
    });
    expect(stdout).toContain('s***@example.com');
    expect(stdout).toContain('+2547***678');
    const places = placesWith(
      [['output', stdout + stderr]],
      ['482913', 'secret-person', '712345678', 'Wanjiru'],
    );
    expect(places).toEqual([]);
  }
});
