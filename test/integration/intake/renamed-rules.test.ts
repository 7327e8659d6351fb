import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { findDeadLetters } from '../../../src/cli/dead-letters/find-dead-letters.js';
import { createReplay } from '../../../src/intake/replay.js';
import { retryDeadLetter } from '../../../src/intake/retry-dead-letter.js';
import { createWaking } from '../../../src/intake/wake-parked.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { consumer, direct, type EngineRule, on, role } from '../../../src/rules/words.js';
import { order, profile } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeEach(async () => {
  kit = await openIntakeKit();
});
afterEach(() => kit?.close());

const OLD = 'order-confirmation';
const NEW = 'confirm-order';

/** The rule for orders under its first name. */
function old(change: Partial<EngineRule> = {}) {
  const entry = on('order.created', {
    rule: OLD,
    category: 'orders',
    to: direct((e) => e.customer),
    template: 'sales/order_confirmation',
    via: ['email'],
    priority: 'medium',
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
  const rule = { ...entry.rule, ...change };
  return { ruleBook: kit.ruleBookOf({ ...consumer('sales', []), entries: [{ ...entry, rule }] }) };
}

const OTHER_WORDS: Partial<EngineRule> = {
  template: 'inventory/low_stock_alert',
  context: () => ({
    ...{ item: 'an order', category: 'orders', as_of: new Date(), level: 'LOW', stock: 1, threshold: 2 },
    ...{ unit: 'kg', days_remaining: null },
  }),
};
/** The same under another name, and in other words, by which nobody could know it again. */
const renamed = (change: Partial<EngineRule> = {}) =>
  old({ rule: NEW, formerly: [OLD], ...OTHER_WORDS, ...change });

const customer = { user_id: null, email: 'school@example.com' };
const event = (id: string, change: Parameters<typeof order>[0] = {}, ageS = 60) =>
  kit.record(kit.bakery.publisher.encode('order.created', order({ customer, ...change })), {
    ...{ id, event: 'order.created' },
    headers: { ce_time: new Date(Date.now() - ageS * 1_000).toISOString() },
  });

const arrive = (change: Parameters<typeof profile>[0]) =>
  kit.takeIn([
    kit.record(kit.bakery.publisher.encode('profile.updated', profile(change)), { event: 'profile.updated' }),
  ]);

type Rules = ReturnType<typeof old>;
async function replay(records: readonly ReturnType<typeof event>[], rules: Rules, dryRun = false) {
  const taken = await createReplay({ ...kit.options, ...rules }, { dryRun, rule: null })(records);
  if (taken.broken !== null && taken.broken !== undefined) throw taken.broken;
  return taken.lines.map(({ outcome, rule, recipient, status, reason, detail }) => ({
    ...{ rule, recipient },
    is: [outcome, status, reason, detail].filter((part) => part !== null).join(' '),
  }));
}

const wake = ({ ruleBook }: Rules) =>
  createWaking({
    ...kit.options,
    ruleBook,
    metrics: createMetrics(),
    log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
  })();

const line = z.object({ line: z.string() });
const linesOf = async (sql: string) => (await kit.database.rows(sql, [], line)).map((row) => row.line);
/** Rule, recipient, status, reason of every message, oldest first. */
const messages = () =>
  linesOf(
    `SELECT concat_ws(' ', rule, recipient, last_status, reason) AS line FROM communications_email_log ORDER BY id`,
  );
const parked = () =>
  linesOf(`SELECT concat_ws(' ', rule, wait_for) AS line FROM communications_parked ORDER BY id`);
const skips = () =>
  linesOf(`SELECT concat_ws(' ', rule, reason) AS line FROM communications_skip ORDER BY id`);
const letters = async () =>
  (await findDeadLetters(kit.database, {})).map(({ rule, reason }) => `${rule} ${reason}`);

const broken: Partial<EngineRule> = {
  to: direct(() => {
    throw new TypeError('somebody made a mistake');
  }),
};

it('sends to whom it has not told under its former name, and to nobody else', async () => {
  await arrive({ user_id: 8, role: 'DISPATCH', email: 'dispatch@example.com' });
  const one = event('one');
  await kit.takeIn([one], old());
  const rules = renamed({
    to: [direct(() => ({ ...customer, name: 'School', phone: null })), role('DISPATCH')],
  });
  const told = [
    { rule: `sales/${NEW}`, recipient: 'd***@example.com', is: 'send' },
    { rule: `sales/${NEW}`, recipient: 's***@example.com', is: 'there QUEUED' },
  ];
  expect(await replay([one], rules, true)).toEqual(told);
  expect(await replay([one], rules)).toEqual(told);
  expect(await messages()).toEqual([
    `sales/${OLD} school@example.com QUEUED`,
    `sales/${NEW} dispatch@example.com QUEUED`,
  ]);
  expect((await replay([one], rules)).map(({ is }) => is)).toEqual(['there QUEUED', 'there QUEUED']);
});

it('tells once of what was sent under both names before it said that they are one rule', async () => {
  const one = event('one');
  await kit.takeIn([one], old());
  expect(await replay([one], renamed({ formerly: [] }))).toContainEqual({
    ...{ rule: `sales/${NEW}`, recipient: 's***@example.com', is: 'send' },
  });
  expect(await replay([one], renamed())).toEqual([
    { rule: `sales/${NEW}`, recipient: 's***@example.com', is: 'there QUEUED' },
  ]);
});

it('keeps one skip of an event, whatever it was called', async () => {
  const one = event('one');
  await kit.takeIn([one], old({ when: () => false }));
  await replay([one], renamed({ when: () => false }));
  expect(await skips()).toEqual([`sales/${OLD} condition_false`]);
});

it('leaves what somebody has discarded under its former name', async () => {
  const one = event('one');
  await kit.takeIn([one], old(broken));
  await kit.database.run(`UPDATE communications_dead_letter SET resolved_at = now(), note = 'not wanted'`);
  expect(await replay([one], renamed())).toEqual([
    { rule: `sales/${NEW}`, recipient: null, is: 'left somebody has discarded its dead letter' },
  ]);
  expect(await messages()).toEqual([]);
});

it('has one dead letter of an event, and none once a replay has sent it', async () => {
  const one = event('one');
  await kit.takeIn([one], old(broken));
  await replay([one], renamed(broken), true);
  expect(await letters()).toEqual([`sales/${OLD} mapping_error`]);
  await replay([one], renamed(broken));
  expect(await letters()).toEqual([`sales/${NEW} mapping_error`]);
  await replay([one], renamed());
  expect(await letters()).toEqual([]);
  expect(await messages()).toEqual([`sales/${NEW} school@example.com QUEUED`]);
});

it('is what a dead letter of its former name is retried under, and tells nobody twice', async () => {
  const [one, two] = [event('one'), event('two')];
  await kit.takeIn([one, two], old(broken));
  const [first, second] = await findDeadLetters(kit.database, {});
  // The second has been sent under the former name all the same.
  await kit.database.run(`UPDATE communications_dead_letter SET resolved_at = now() WHERE id <> $1`, [
    first?.id,
  ]);
  await replay([two], old());
  await kit.database.run(`UPDATE communications_dead_letter SET resolved_at = NULL`);
  expect(await messages()).toEqual([`sales/${OLD} school@example.com QUEUED`]);

  const options = { ...kit.options, ...renamed() };
  expect(await retryDeadLetter(first?.id ?? '', { ...options, ...renamed(broken) })).toMatchObject({
    ...{ kind: 'failed', reason: 'mapping_error' },
  });
  expect(await letters()).toContain(`sales/${NEW} mapping_error`);
  const resolved = (outcome: string) => ({ kind: 'resolved', outcome });
  expect([
    await retryDeadLetter(first?.id ?? '', options),
    await retryDeadLetter(second?.id ?? '', options),
  ]).toEqual(expect.arrayContaining([resolved('accepted'), resolved('skipped')]));
  expect(await messages()).toEqual([
    `sales/${OLD} school@example.com QUEUED`,
    `sales/${NEW} school@example.com QUEUED`,
  ]);
});

it.each([
  ['a window', '4h', 'collapsed'],
  ['ever', 'ever', 'already_sent'],
] as const)(
  'does not get a slot of %s that it has given under its former name',
  async (_, within, reason) => {
    const collapse = { by: () => 'the same', within };
    await kit.takeIn([event('one')], old({ collapse }));
    await kit.takeIn([event('two', {}, 30)], renamed({ collapse }));
    await kit.takeIn([event('three', {}, 20)], renamed({ collapse }));
    expect(await messages()).toEqual([`sales/${OLD} school@example.com QUEUED`]);
    expect(await skips()).toEqual([`sales/${NEW} ${reason}`, `sales/${NEW} ${reason}`]);
  },
);

it('gives a slot of its former name away once that is over, and knows from then on who has it', async () => {
  const collapse = { by: () => 'the same', within: '4h' } as const;
  await kit.takeIn([event('one', {}, 5 * 3_600)], old({ collapse }));
  await kit.takeIn([event('two', {}, 60)], renamed({ collapse }));
  await kit.takeIn([event('three', {}, 30)], renamed({ collapse }));
  expect(await messages()).toEqual([
    `sales/${OLD} school@example.com QUEUED`,
    `sales/${NEW} school@example.com QUEUED`,
  ]);
  expect(await skips()).toEqual([`sales/${NEW} collapsed`]);
});

it('takes the place of what waits for newer ones under its former name', async () => {
  const collapse = { by: () => 'the same', within: '4h', keep: 'newest' } as const;
  await kit.takeIn([event('one')], old({ collapse }));
  await kit.takeIn([event('two', {}, 30)], renamed({ collapse }));
  expect(await messages()).toEqual([
    `sales/${OLD} school@example.com CANCELLED superseded`,
    `sales/${NEW} school@example.com QUEUED`,
  ]);
});

it('wakes under its own name what waits under the former one, and tells nobody twice', async () => {
  await kit.takeIn(
    [event('one')],
    old({ to: [direct(() => ({ ...customer, name: 'School', phone: null })), role('ADMIN')] }),
  );
  await kit.takeIn([event('two', { customer: { user_id: 9, email: null } })], old());
  expect(await parked()).toEqual([`sales/${OLD} role:ADMIN`, `sales/${OLD} user:9`]);
  await arrive({ user_id: 8, role: 'ADMIN', email: customer.email });
  await arrive({ user_id: 9, email: 'nine@example.com' });
  await wake(renamed());
  expect(await parked()).toEqual([]);
  expect(await messages()).toEqual([
    `sales/${OLD} school@example.com QUEUED`,
    `sales/${NEW} nine@example.com QUEUED`,
  ]);
});

it('waits once, however often it is read again, and sends once', async () => {
  const one = event('one', { customer: { user_id: 9, email: null } });
  await kit.takeIn([one], old());
  const waits = [{ rule: `sales/${NEW}`, recipient: 'user 9', is: 'waits' }];
  expect(await replay([one], renamed(), true)).toEqual(waits);
  expect(await replay([one], renamed())).toEqual(waits);
  expect(await parked()).toEqual([`sales/${NEW} user:9`]);
  await arrive({ user_id: 9, email: 'nine@example.com' });
  expect((await replay([one], renamed())).map(({ is }) => is)).toEqual(['send']);
  await wake(renamed());
  expect(await parked()).toEqual([]);
  expect(await messages()).toEqual([`sales/${NEW} nine@example.com QUEUED`]);
});
