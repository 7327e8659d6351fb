import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inWords } from '../../../src/cli/explain/in-words.js';
import { consumer, direct, on } from '../../../src/rules/words.js';
import { runComms } from '../../helpers/run-comms.js';
import { exampleFile, openExplainKit } from './explain-kit.js';

const EVENTS = ['user.invited', 'otp.requested', 'stock.low', 'order.created'] as const;
const CODE = '482913';

let kit: Awaited<ReturnType<typeof openExplainKit>>;
beforeAll(async () => {
  kit = await openExplainKit();
  await kit.arrive(11, 'ADMIN', '0700000011');
  await kit.arrive(12, 'PRODUCT_MANAGER', null);
});
afterAll(() => kit?.close());

let before: Readonly<Record<string, number>>;
beforeEach(async () => {
  before = await kit.rowCounts();
});

describe.each(EVENTS)('what is said of %s', (event) => {
  it('is what comes of it', async () => {
    const id = `really-${event}`;
    const { messages } = (await kit.explainRule(event, { id })).rule;
    expect(await kit.rowCounts(), 'nothing is left behind').toEqual(before);

    await kit.takeIn(event, { id });
    const really = await kit.loggedOf(id);
    expect(messages.length).toBeGreaterThan(0);
    expect(
      messages.map(({ channel, recipient, shown }) => ({ channel, recipient, shown })).sort(byText),
    ).toEqual(really.sort(byText));
  });
});

const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe('an explanation', () => {
  it('names who gets it and who does not, by role', async () => {
    const { rule, words } = await kit.explainRule('stock.low', { fields: { item_id: 101 } });
    expect(rule.messages).toMatchObject([
      {
        channel: 'email',
        recipient: 'h***@example.com',
        userId: '12',
        as: 'PRODUCT_MANAGER',
        priority: 'high',
      },
      { channel: 'email', recipient: 'h***@example.com', userId: '11', as: 'ADMIN' },
      { channel: 'sms', recipient: '+2547***011', userId: '11', as: 'ADMIN' },
    ]);
    expect(rule.leftOut).toEqual([{ recipient: 'user:12', channel: 'sms', reason: 'no_address' }]);
    expect(words).toMatch(/priority +high \(usually medium\)/);
    expect(words).toMatch(/sms +- +user 12 +left out: no_address/);
  });

  it('shows no code and no address', async () => {
    const { explanation, words } = await kit.explainRule('otp.requested');
    const said = words + JSON.stringify(explanation);
    expect(said).toContain('[secret] is your code');
    for (const value of [CODE, 'jane@example.com', '+254700000001']) expect(said).not.toContain(value);
  });

  it('says which event has the slot, and until when', async () => {
    const time = new Date(Date.now() - 60_000);
    const fields = { item_id: 102 };
    await kit.takeIn('stock.low', { id: 'came-first', fields, time });
    const { explanation, rule, words } = await kit.explainRule('stock.low', { fields });
    expect(explanation.outcome).toBe('skipped');
    expect(rule).toMatchObject({
      messages: [],
      leftOut: [{ recipient: null, channel: null, reason: 'collapsed' }],
      slot: { holder: { id: 'came-first', time }, until: new Date(time.getTime() + 4 * 3_600_000) },
    });
    expect(words).toMatch(/low-stock-alert: nothing, collapsed\n[\s\S]*slot +came-first of /);
    expect(
      (await kit.explainRule('stock.low', { fields: { ...fields, alert_level: 'OUT' } })).rule.slot,
    ).toBeNull();
  });

  it('says what it takes the place of, and how long it waits', async () => {
    const ruleBook = kit.ruleBookOf(
      consumer('sales', [
        on('order.created', {
          rule: 'order-confirmation',
          category: 'orders',
          to: direct((e) => e.customer),
          template: 'auth/otp',
          via: ['email'],
          priority: 'low',
          collapse: { by: (e) => e.order_id, within: '15m', keep: 'newest' },
          context: () => ({ name: '', code: '', purpose: '', valid_until: new Date(), ip_address: null }),
        }),
      ]),
    );
    const time = new Date(Date.now() - 60_000);
    await kit.takeIn('order.created', { ruleBook, time });
    const { rule, words } = await kit.explainRule('order.created', { ruleBook });
    expect(rule.replaces).toEqual([{ channel: 'email', recipient: 'm***@example.com' }]);
    expect(rule.messages).toMatchObject([{ notBefore: new Date(time.getTime() + 15 * 60_000) }]);
    expect(words).toMatch(/replaces +what still waits of an older event: email to m\*\*\*@example\.com/);
    expect(words).toMatch(/not before .* EAT/);
  });

  it('says what the brake holds', async () => {
    const { rule, words } = await kit.explainRule('stock.low', {
      fields: { item_id: 103 },
      environment: { BRAKE_PER_RULE: '1/1h' },
    });
    expect(rule.messages.map(({ held }) => held)).toEqual([false, true, true]);
    expect(words).toMatch(/brake +at most 1 in 1 h, .*comms release/);
    expect(words).toContain('held by the brake');
  });

  it('says who is waited for', async () => {
    const { explanation, rule, words } = await kit.explainRule('otp.requested', {
      fields: { user: { user_id: 404, name: 'Ruth', email: null, phone: null } },
    });
    expect(explanation.outcome).toBe('parked');
    expect(rule.waitsFor).toMatchObject([{ whom: 'user:404' }]);
    expect(words).toMatch(/user 404 +not in the directory yet: waits until /);
  });

  it('says who can not be reached, and why', async () => {
    const nobody = await kit.explainRule('order.created', {
      fields: { customer: { user_id: null, name: 'Ruth', email: null, phone: null } },
    });
    expect(nobody.explanation.outcome).toBe('skipped');
    expect(nobody.words).toMatch(/order-confirmation: nothing, no_address\n +why +nobody/);

    const malformed = await kit.explainRule('order.created', {
      fields: { customer: { user_id: null, name: 'Ruth', email: 'ruth at example', phone: null } },
    });
    expect(malformed.rule.messages).toMatchObject([{ objection: { reason: 'bad_address' } }]);
    expect(malformed.words).not.toContain('ruth at example');
    expect(malformed.words).toMatch(
      /It would be accepted, and nothing of it would be sent\.\n\n\S+: 1 message, not sent\n/,
    );
  });

  it('says what has expired', async () => {
    const { rule } = await kit.explainRule('order.created', { time: new Date(Date.now() - 2 * 86_400_000) });
    expect(rule.leftOut).toEqual([{ recipient: null, channel: null, reason: 'too_old' }]);
  });

  it('says what delivery would refuse', async () => {
    await kit.database.run(
      `INSERT INTO communications_message_template
         (name, type, template_path, subject, description, required_context, content_hash, is_active)
       VALUES ('sales_order_confirmation', 'EMAIL', 'sales/order_confirmation', '', '', '[]', 'x', false)`,
    );
    const off = await kit.explainRule('order.created');
    expect(off.rule.messages).toMatchObject([{ objection: { reason: 'template_inactive' } }]);
    expect(off.words).toContain('not sent: template_inactive');

    const environment = { DELIVERY_MODE: 'allowlist', DELIVERY_ALLOWLIST: '@bakery.example.com' };
    const unlisted = await kit.explainRule('user.invited', { environment });
    expect(unlisted.rule.messages).toMatchObject([{ objection: { reason: 'suppressed' } }]);
  });

  it('tells of dead letters', async () => {
    const broken = consumer('sales', [
      on('order.created', {
        rule: 'order-confirmation',
        category: 'orders',
        to: direct(() => {
          throw new TypeError('somebody made a mistake');
        }),
        template: 'auth/otp',
        via: ['email'],
        priority: 'high',
        context: () => ({ name: '', code: '', purpose: '', valid_until: new Date(), ip_address: null }),
      }),
    ]);
    const failing = await kit.explainRule('order.created', { ruleBook: kit.ruleBookOf(broken) });
    expect(failing.explanation.outcome).toBe('dead_lettered');
    expect(failing.words).toMatch(
      /order-confirmation: a dead letter, mapping_error\n +why +rule .*"to" failed/,
    );

    const without = await kit.explain('order.created', { ruleBook: kit.ruleBookOf() });
    expect(without).toMatchObject({ outcome: 'dead_lettered', fault: { reason: 'no_rule' }, rules: [] });
    expect(await kit.rowCounts()).toEqual(before);
  });

  it('leaves nothing behind when the database refuses the event', async () => {
    const refused = await kit.explain('order.created', { id: 'a\0b' });
    expect(refused).toMatchObject({ outcome: 'dead_lettered', fault: { reason: 'unstorable' } });
    expect(inWords(refused)).toContain('A dead letter, unstorable');
    expect(await kit.rowCounts()).toEqual(before);
  });

  it('knows an event that was taken in', async () => {
    await kit.takeIn('order.created', { id: 'twice' });
    const known = await kit.explain('order.created', { id: 'twice' });
    expect(known).toMatchObject({ outcome: 'duplicate', takenInBefore: expect.any(Date), rules: [] });
    expect(inWords(known)).toMatch(/Nothing: .* was taken in at .* EAT/);
  });
});

it('needs neither Kafka nor the registry nor a mail server', async () => {
  const run = await runComms(['explain', exampleFile('user.invited'), '--json'], {
    environment: kit.environment,
  });
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toMatchObject({
    event: { type: 'user.invited', source: '/chesanto/auth' },
    outcome: 'accepted',
    rules: [{ rule: 'auth/invitation', messages: [{ shown: 'Welcome to Chesanto Bakery', as: 'direct' }] }],
    warnings: [],
  });
});
