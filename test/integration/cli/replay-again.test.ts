import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createDecoder } from '../../../src/contracts/decoder.js';
import { RegistryUnavailable } from '../../../src/contracts/registry-unavailable.js';
import type { Events } from '../../../src/generated/events.js';
import { createReplay } from '../../../src/intake/replay.js';
import { consumer, direct, on, role } from '../../../src/rules/words.js';
import { order, profile, stockLow } from '../../helpers/sample-events.js';
import { openReplayKit, type ReplayKit } from './replay-kit.js';

let kit: ReplayKit;
beforeEach(async () => {
  kit = await openReplayKit();
});
afterEach(() => kit?.close());

const HOUR = 3_600_000;

const publishOrder = (id: string, change: Parameters<typeof order>[0] = {}) =>
  kit.bakery.publisher.publish('order.created', order(change), { id, partition: 0 });

const count = z.object({ n: z.number() });
async function countOf(sql: string): Promise<number> {
  const [row] = await kit.database.rows(`SELECT count(*)::integer AS n FROM ${sql}`, [], count);
  return row?.n ?? -1;
}

const confirmation = (name: string) =>
  consumer('sales', [
    on('order.created', {
      rule: name,
      category: 'orders',
      to: direct((e) => e.customer),
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

it('lets nobody wait a second time because their rule has another name now', async () => {
  await publishOrder('early', { customer: { user_id: 55, email: null, phone: null } });
  await kit.takeInTopic('order.created', 1, [confirmation('order-confirmation')]);
  expect(await countOf('communications_parked')).toBe(1);

  const renamed = { rules: [confirmation('confirm-order')] };
  const waiting = await kit.replay('order.created', renamed);
  expect(waiting.outcomes).toEqual({ waits: 1 });
  expect(waiting.lines).toMatchObject([
    { rule: 'sales/order-confirmation', recipient: 'user 55', differs: 'there is no such rule any more' },
  ]);
  expect(await countOf('communications_parked')).toBe(1);

  // Until a running service has woken it.
  const value = kit.bakery.publisher.encode('profile.updated', profile({ user_id: 55 }));
  await kit.takeIn([kit.record(value, { event: 'profile.updated' })]);
  expect((await kit.replay('order.created', renamed)).outcomes).toEqual({ waits: 1 });
  expect(await countOf('communications_email_log')).toBe(0);
});

it('calls a conflict the same in a dry run as in the real one, however far apart', async () => {
  await publishOrder('twice');
  await publishOrder('twice', { order_number: 'another' });
  await publishOrder('closed');
  await publishOrder('closed', { order_number: 'another' });
  await kit.takeInTopic('order.created', 4);
  await kit.database.run(
    `UPDATE communications_dead_letter SET resolved_at = now(), note = 'a test' WHERE event_id = 'closed'`,
  );
  const dry = await kit.replay('order.created', { dryRun: true });
  const real = await kit.replay('order.created');
  expect(real.outcomes).toEqual({ 'there QUEUED': 2, 'dead letter event_id_conflict': 1, left: 1 });
  expect(dry.outcomes).toEqual(real.outcomes);
  expect([dry.tally.newLetters(), real.tally.newLetters()]).toEqual([0, 0]);
});

it('calls a conflict with a new event of an earlier transaction a conflict in a dry run, too', async () => {
  await publishOrder('twice');
  await Promise.all(Array.from({ length: 200 }, (_, n) => publishOrder(`other-${n}`)));
  await publishOrder('twice', { order_number: 'another' });
  const braked = { environment: { BRAKE_PER_RULE: '1000/1h', BRAKE_PER_RECIPIENT: '1000/1h' } };
  const dry = await kit.replay('order.created', { ...braked, dryRun: true });
  const real = await kit.replay('order.created', braked);
  expect(real.outcomes).toEqual({ send: 201, 'dead letter event_id_conflict': 1 });
  expect(dry.outcomes).toEqual(real.outcomes);
});

it('knows the dead letter of what can not be stored', async () => {
  await kit.bakery.publisher.publish('order.created', order(), { id: 'n\0l', partition: 0 });
  const first = await kit.replay('order.created');
  expect(first.outcomes).toEqual({ 'dead letter unstorable': 1 });
  expect(first.tally.newLetters()).toBe(1);
  const dry = await kit.replay('order.created', { dryRun: true });
  const again = await kit.replay('order.created');
  expect([dry.tally.newLetters(), again.tally.newLetters()]).toEqual([0, 0]);
  expect(await countOf('communications_dead_letter')).toBe(1);
});

it('does not call superseded what has gone out before the newer event was read', async () => {
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
  const value = kit.bakery.publisher.encode('profile.updated', profile({ user_id: 7, role: 'ADMIN' }));
  await kit.takeIn([kit.record(value, { event: 'profile.updated' })]);
  const level = (id: string, ago: number) =>
    kit.record(kit.bakery.publisher.encode('stock.low', stockLow()), {
      id,
      event: 'stock.low',
      headers: { ce_time: new Date(Date.now() - ago).toISOString() },
    });
  const take = createReplay(
    { ...kit.options, ruleBook: kit.ruleBookOf(newest) },
    { dryRun: false, rule: null },
  );
  const older = await take([level('older', 8 * HOUR)]);
  expect(older.lines).toMatchObject([{ outcome: 'send', slot: expect.any(String) }]);
  await kit.database.run('DELETE FROM communications_delivery');
  const newer = await take([level('newer', 7 * HOUR)]);
  expect(newer.lines).toMatchObject([{ outcome: 'send' }]);
  expect(newer.replaced).toEqual([]);
  expect((await take([level('newest', 6 * HOUR)])).replaced).toEqual([newer.lines[0]?.slot]);
});

it('tells of what it has taken in before something broke', async () => {
  const decoder = createDecoder<Events>({
    contracts: kit.options.contracts,
    registry: {
      schemaById: (id) =>
        id === 999_999
          ? Promise.reject(new RegistryUnavailable('the registry is away'))
          : kit.bakery.registry.schemaById(id),
    },
    now: () => new Date(),
    unknownGraceMs: 0,
  });
  const value = kit.bakery.publisher.encode('order.created', order());
  const unknown = Buffer.from(value);
  unknown.writeInt32BE(999_999, 1);
  const take = createReplay({ ...kit.options, decoder }, { dryRun: false, rule: null });
  const taken = await take([value, unknown].map((bytes) => kit.record(bytes, { event: 'order.created' })));
  expect(taken).toMatchObject({ lines: [{ outcome: 'send' }], broken: expect.any(RegistryUnavailable) });
  expect(await countOf('communications_email_log')).toBe(1);
});
