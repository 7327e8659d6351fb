import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { findWhat } from '../../../src/cli/why/find.js';
import { whyLines } from '../../../src/cli/why/print.js';
import { resend } from '../../../src/delivery/resend.js';
import type { Verdict } from '../../../src/domain/verdict.js';
import { consumer, direct, on, role } from '../../../src/rules/words.js';
import { applyTransitions } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
import { DELIVERY_COLUMNS, deliveryRow } from '../../../src/store/delivery-row.js';
import { keepLateAnswer } from '../../../src/store/keep-late-answer.js';
import type { PausedProvider } from '../../../src/store/provider-pauses.js';
import { releaseHeld } from '../../../src/store/release-held.js';
import { order, otp, profile, stockLow } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from './intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
  await workers({ instance: 'healthy' });
});
afterAll(() => kit?.close());

interface Seen {
  readonly instance: string;
  readonly silentForS?: number;
  readonly pauses?: readonly PausedProvider[];
}
/** As if these delivered, and no others. */
async function workers(...seen: readonly Seen[]): Promise<void> {
  await kit.database.run('DELETE FROM communications_worker');
  for (const { instance, silentForS = -3_600, pauses = [] } of seen) {
    await kit.database.run(
      `INSERT INTO communications_worker (id, epoch, instance, connections, beat_at, provider_pauses)
       VALUES (gen_random_uuid(), 1, $1, 1, now() - $2 * interval '1 second', $3::jsonb)`,
      [instance, silentForS, JSON.stringify(pauses)],
    );
  }
}

type Otp = Parameters<typeof otp>[0];
const otpRecord = (id: string, change: Otp = {}, headers: Record<string, string> = {}) =>
  kit.record(kit.bakery.publisher.encode('otp.requested', otp(change)), { id, headers });
const takeOtpIn = (id: string, change: Otp = {}, headers: Record<string, string> = {}) =>
  kit.takeIn([otpRecord(id, change, headers)]);

async function find(what: string, limit = 10, now = new Date()) {
  const found = await findWhat(kit.database, what, { limit, now });
  if (found === null) throw new Error(`nothing is known of ${what}`);
  const lines = whyLines(found, limit);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(100);
  const text = lines.join('\n');
  // Whatever was asked for.
  expect(text + JSON.stringify(found)).not.toMatch(/[a-z]{2,}@example\.com|712345678|712 345|482913/);
  return { found, text, flat: text.replace(/\s+/g, ' ') };
}

async function messagesOf(eventId: string) {
  const { found } = await find(eventId);
  const stories = found.kind === 'events' ? found.stories : [];
  return stories.flatMap(({ rules }) => rules.flatMap(({ messages }) => messages));
}
const idOf = async (eventId: string, position = 0) => (await messagesOf(eventId))[position]?.id ?? '';

async function queuedRow(id: string) {
  const [row] = await kit.database.rows(
    `SELECT ${DELIVERY_COLUMNS} FROM communications_delivery d WHERE notification_id = $1`,
    [id],
    deliveryRow,
  );
  if (row === undefined) throw new Error(`${id} is not in the queue`);
  return row;
}

/** As if an attempt, or whoever else, had come to this. */
async function record(
  id: string,
  verdict: Partial<Verdict> & Pick<Verdict, 'status'>,
  attempts = 1,
): Promise<void> {
  const row = await queuedRow(id);
  const next = { kind: 'gone' } as const;
  const whole = {
    reason: null,
    next,
    possibleDuplicate: false,
    providerMessageId: null,
    error: '',
    ...verdict,
  };
  const { encode } = kit.options;
  await applyTransitions(kit.database, [
    buildTransition({ ...row, attempt: row.attempt + attempts }, whole, new Date(), encode),
  ]);
}

it('finds an event by its id, whoever published it, and by the key of its module', async () => {
  await takeOtpIn('by-id', {}, { ce_subject: 'login-7' });
  await takeOtpIn('from-elsewhere', {}, { ce_source: '/somebody/else', ce_subject: 'login-8' });
  for (const [what, id] of [
    ['by-id', 'by-id'],
    ['login-7', 'by-id'],
    ['from-elsewhere', 'from-elsewhere'],
    ['login-8', 'from-elsewhere'],
  ] as const) {
    const { found, flat } = await find(what);
    expect(found).toMatchObject({
      kind: 'events',
      stories: [{ event: { id, topic: 'otp.requested', partition: 0 } }],
    });
    expect(flat).toMatch(
      new RegExp(`Event ${id}: otp.requested from /.*read .* EAT, from topic otp.requested`),
    );
    expect(flat).toContain('E-mail to j***@example.com: “Your verification code”');
  }
  const id = await idOf('by-id');
  expect((await find(id.toUpperCase())).found).toMatchObject({
    kind: 'message',
    story: { event: { id: 'by-id' }, rules: [{ messages: [{ id }] }] },
  });
});

it('finds several events of one key, the newest first and only so many', async () => {
  for (const n of [1, 2, 3]) await takeOtpIn(`of-order-${n}`, {}, { ce_subject: 'order-2026-9' });
  const { found } = await find('order-2026-9', 2);
  expect(found).toMatchObject({
    stories: [{ event: { id: 'of-order-3' } }, { event: { id: 'of-order-2' } }],
  });
  if (found.kind === 'events') expect(found.stories).toHaveLength(2);
});

it('finds what went to an address, however that is written', async () => {
  await takeOtpIn('to-mixed', { user: { email: 'Mixed.Case@Example.com' } });
  for (const written of ['Mixed.Case@example.com', 'mixed.case@example.com', 'MIXED.CASE@EXAMPLE.COM']) {
    expect((await find(written)).found).toMatchObject({
      kind: 'address',
      story: { address: 'm***@example.com', messages: [{ event: { id: 'to-mixed' } }] },
    });
  }
  await takeOtpIn('by-text', { channel: 'SMS', user: { email: null, phone: '0712 345 678' } });
  for (const written of ['0712345678', '+254712345678', '254 712 345678', '0712-345-678']) {
    const { found, flat } = await find(written);
    expect(found).toMatchObject({
      kind: 'address',
      story: { address: '+2547***678', messages: [{ channel: 'sms', event: { id: 'by-text' } }] },
    });
    expect(flat).toContain('by-text');
  }
});

it('tells of an address only the newest, and what was left out for whoever has it', async () => {
  const mary = profile({ user_id: 61, email: 'mary@example.com', phone: null });
  await kit.takeIn([
    kit.record(kit.bakery.publisher.encode('profile.updated', mary), {
      id: 'mary',
      event: 'profile.updated',
    }),
  ]);
  for (const n of [1, 2, 3]) {
    await takeOtpIn(`mary-${n}`, { channel: 'BOTH', user: { user_id: 61, email: null } });
  }
  const { found, flat } = await find('mary@example.com', 2);
  expect(found).toMatchObject({
    story: {
      users: [61],
      messages: [{ event: { id: 'mary-3' } }, { event: { id: 'mary-2' } }],
      leftOut: [
        {
          ...{ channel: 'sms', reason: 'no_address', event: { id: 'mary-3' } },
          todo: 'To reach user 61 by SMS too, have the profile completed.',
        },
        { reason: 'no_address', event: { id: 'mary-2' } },
      ],
    },
  });
  expect(flat).toContain('in the profile of user 61');
  expect(flat).toMatch(
    /not sent \(no_address\) auth\/verification-code, SMS Neither the event nor the directory/,
  );
});

it('tells every step with its attempt and answer, and what comes next', async () => {
  await takeOtpIn('steps', { user: { user_id: 77, email: 'steps@example.com' } });
  const id = await idOf('steps');
  await record(id, {
    ...{ status: 'RETRYING', reason: 'unreachable', error: '451 try later, steps@example.com' },
    next: { kind: 'again', delayMs: 3_600_000 },
  });
  const waiting = await find('steps');
  expect(waiting.flat).toMatch(
    /RETRYING \(unreachable\): an attempt failed, and it is tried again: the server could not be reached/,
  );
  expect(waiting.flat).toMatch(
    / 1 \S+ \S+ EAT QUEUED accepted 2 \S+ \S+ EAT RETRYING attempt 1 by smtp, unreachable, 451/,
  );
  expect(waiting.flat).toMatch(/Next attempt at \S+ \S+ EAT; expires at/);
  expect(waiting.flat).toContain('451 try later, s***@example.com');
  expect(waiting.flat).toContain('(user 77)');
  expect(waiting.flat).not.toContain('What to do');

  await record(id, {
    ...{ status: 'UNCONFIRMED', reason: 'outcome_unknown', possibleDuplicate: true },
    next: { kind: 'again', delayMs: 0 },
  });
  const overdue = await find('steps', 10, new Date(Date.now() + 60_000));
  expect(overdue.flat).toMatch(/may get it twice.*Due since.*What to do.*no instance takes it/);

  await kit.database.run(
    `UPDATE communications_delivery SET claimed_by = gen_random_uuid(), claimed_epoch = 1, claimed_at = now(),
       claim_id = gen_random_uuid() WHERE notification_id = $1`,
    [id],
  );
  expect((await find('steps')).flat).toMatch(/Being sent since/);
});

it('tells what an instance heard too late, and takes it for no step', async () => {
  await takeOtpIn('late', { user: { user_id: 78, email: 'late@example.com' } });
  const id = await idOf('late');
  const heard = async (outcome: Pick<Verdict, 'status' | 'reason' | 'error'>) => {
    const row = await queuedRow(id);
    const verdict = {
      ...outcome,
      possibleDuplicate: false,
      providerMessageId: null,
      next: { kind: 'gone' },
    } as const;
    const attempt = { ...row, attempt: 1 };
    await keepLateAnswer(kit.database, buildTransition(attempt, verdict, new Date(), kit.options.encode));
  };
  await heard({ status: 'SENT', reason: null, error: '' });
  await heard({ status: 'FAILED', reason: 'bad_address', error: '550 no late@example.com' });
  expect((await find('late')).flat).toMatch(
    / 1 \S+ \S+ EAT QUEUED accepted \S+ \S+ EAT late answer of attempt 1 by smtp, which another instance had taken over: the mail server took it \S+ \S+ EAT late answer of attempt 1 by smtp, which another instance had taken over: bad_address, 550 no l\*\*\*@example\.com/,
  );
  await record(id, { status: 'SENT', next: { kind: 'gone' } });
  expect((await find('late')).text).not.toContain('more, of which there is no record');
  expect((await messagesOf('late'))[0]?.steps.map(({ sequence, late }) => [sequence, late])).toEqual([
    [1, false],
    [1, true],
    [1, true],
    [2, false],
  ]);
});

it('names what keeps a message from being sent, and what to do', async () => {
  onTestFinished(() => workers({ instance: 'healthy' }));
  await takeOtpIn('hindered');
  await workers();
  expect((await find('hindered')).flat).toMatch(
    /QUEUED: accepted, and not yet tried\. No instance is running; next attempt at .*What to do - Start the service/,
  );
  await workers({ instance: 'victim', silentForS: 60 });
  expect((await find('hindered')).flat).toMatch(
    /No instance has been heard of since \S+ \S+ EAT; next attempt/,
  );

  const since = new Date(Date.now() - 60_000);
  const answer = 'unreachable: getaddrinfo ENOTFOUND mail.example.com';
  await workers(
    { instance: 'healthy' },
    {
      instance: 'other',
      pauses: [{ channel: 'email', provider: 'smtp', reason: 'unreachable', answer, since }],
    },
  );
  expect((await find('hindered')).flat).toMatch(
    /QUEUED: accepted\. The mail server can't be reached since \S+ \S+ EAT \(unreachable: .*ENOTFOUND mail\.example\.com\); it is tried again by itself;.*What to do - Look at EMAIL_HOST/,
  );
});

it('tells of a message on the wire whether its instance still lives', async () => {
  onTestFinished(() => workers({ instance: 'healthy' }));
  await takeOtpIn('claimed');
  await workers({ instance: 'victim' });
  await kit.database.run(
    `UPDATE communications_delivery SET claimed_by = w.id, claimed_epoch = w.epoch, claimed_at = now(),
       claim_id = gen_random_uuid() FROM communications_worker w WHERE notification_id = $1`,
    [await idOf('claimed')],
  );
  const alive = await find('claimed');
  expect(alive.flat).toMatch(/QUEUED: accepted\. Being sent since \S+ \S+ EAT by instance victim\./);
  expect(alive.flat).not.toContain('What to do');

  await kit.database.run(`UPDATE communications_worker SET beat_at = now() - interval '1 minute'`);
  expect((await find('claimed')).flat).toMatch(
    /with instance victim, not heard of since \S+ \S+ EAT; no instance is running\..*What to do - Start the service/,
  );
  await kit.database.run(
    `INSERT INTO communications_worker (id, epoch, instance, connections) VALUES (gen_random_uuid(), 1, 'heir', 1)`,
  );
  const inherited = await find('claimed');
  expect(inherited.flat).toMatch(/not heard of since \S+ \S+ EAT; another instance takes over\./);
  expect(inherited.flat).not.toContain('What to do');
});

it('says what of very many steps is not on record', async () => {
  await takeOtpIn('stubborn');
  const id = await idOf('stubborn');
  for (let n = 0; n < 35; n += 1) {
    await record(id, { status: 'RETRYING', reason: 'unreachable', next: { kind: 'again', delayMs: 1 } });
  }
  const { text } = await find('stubborn');
  expect(text).toMatch(/… 5 more, of which there is no record/);
  expect(text).toMatch(/ 36 {2}.*RETRYING {5}attempt 35/);
});

it('leads to a resend where one is possible, and to what came of it', async () => {
  await takeOtpIn('exhausted');
  const id = await idOf('exhausted');
  await record(id, { status: 'FAILED', reason: 'attempts_exhausted', error: '451', next: { kind: 'held' } });
  expect((await find(id)).flat).toMatch(
    new RegExp(
      `content is kept until .*: "comms resend ${id}".*What to do.*comms doctor.*"comms resend ${id}"`,
    ),
  );
  const resent = await resend(id, { ...kit.options, templateVersion: () => 1, isActive: () => true });
  const as = resent.kind === 'resent' ? resent.as : '';
  const { flat } = await find(id);
  expect(flat).toContain(`An operator sent it again, as ${as}.`);
  expect(flat).toContain(`An operator sent this one in place of ${id}.`);
  expect(flat).not.toContain('What to do');
  await record(as, { status: 'FAILED', reason: 'expired' });
  expect((await find(as)).flat).toMatch(/What to do.*have the module publish a new event/);
});

it('tells what the rules left out, held back, or could not make anything of', async () => {
  const rules = kit.ruleBookOf(
    consumer('inventory', [
      on('stock.low', {
        rule: 'only-flour',
        category: 'stock',
        when: (e) => e.item_name === 'Wheat Flour',
        to: role('PRODUCT_MANAGER'),
        template: 'inventory/low_stock_alert',
        via: ['email'],
        priority: 'low',
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
    ]),
  );
  const stock = (id: string, item: string) =>
    kit.record(kit.bakery.publisher.encode('stock.low', stockLow({ item_name: item })), {
      id,
      event: 'stock.low',
    });
  await kit.takeIn([stock('sugar', 'Sugar'), stock('flour', 'Wheat Flour')], { ruleBook: rules });
  const sugar = await find('sugar');
  expect(sugar.flat).toMatch(
    /Rule inventory\/only-flour No message \(condition_false\): the rule has a condition/,
  );
  expect(sugar.flat).not.toContain('What to do');
  expect((await find('flour')).flat).toMatch(
    /Waits since .* for somebody active and approved who holds the role PRODUCT_MANAGER; gives up at .*What to do/,
  );

  await kit.takeIn([otpRecord('held-1'), otpRecord('held-2')], {
    limitsOf: () => ({ perRule: { messages: 1, perMs: 3_600_000 }, perRecipient: null }),
  });
  expect((await find('held-2')).flat).toMatch(
    /QUEUED \(held\): .*the brake holds it.*Waits until somebody releases it.*What to do.*"comms release auth\/verification-code --all"/,
  );
  await takeOtpIn('malformed', { user: { email: 'jane at example.com' } });
  expect((await find('malformed')).flat).toMatch(
    /E-mail to \*\*\*.*REJECTED \(bad_address\): this service refused to send it.*1 \S+ \S+ EAT REJECTED bad_address, the address/,
  );
});

it('names the event that was told before', async () => {
  const twice = ['told-first', 'told-again'].map((id) =>
    kit.record(kit.bakery.publisher.encode('stock.low', stockLow({ item_id: 77 })), {
      ...{ id, event: 'stock.low' },
    }),
  );
  const admin = profile({ user_id: 71, role: 'ADMIN' });
  const holder = kit.record(kit.bakery.publisher.encode('profile.updated', admin), {
    event: 'profile.updated',
  });
  await kit.takeIn([holder]);
  await kit.takeIn(twice);
  const again = await find('told-again');
  expect(again.flat).toMatch(/No message \(collapsed\): .*: event told-first of \S+ \S+ EAT\./);
  expect(again.found).toMatchObject({ stories: [{ rules: [{ skips: [{ slotHolder: 'told-first' }] }] }] });
});

it('tells of the brake: for which limit, who let it go, and when nobody did', async () => {
  const limitsOf = () => ({ perRule: { messages: 1, perMs: 3_600_000 }, perRecipient: null });
  await kit.database.run('DELETE FROM communications_brake');
  await kit.takeIn(
    ['before', 'let-go', 'left'].map((id) => otpRecord(id)),
    { limitsOf },
  );
  const left = await idOf('left');
  const held = await find('let-go');
  expect(held.flat).toMatch(/ 1 \S+ \S+ EAT QUEUED accepted, held by the brake \(1 in 1 h\)/);
  expect(held.text.match(/ EAT {2}QUEUED/g)).toHaveLength(1);

  await record(left, { status: 'FAILED', reason: 'expired', error: 'its time ran out' }, 0);
  const lapsed = await find('left');
  expect(lapsed.flat).toMatch(
    /held by the brake \(1 in 1 h\) 2 \S+ \S+ EAT FAILED expired, its time ran out/,
  );
  expect(lapsed.flat).toMatch(/What to do - The brake held it, and nobody released it in time/);
  expect(await releaseHeld(kit.database, 'auth/verification-code', 100, 0)).toBeGreaterThan(0);
  const released = await find('let-go');
  expect(released.flat).toMatch(
    / 1 \S+ \S+ EAT QUEUED accepted, held by the brake \(1 in 1 h\) \S+ \S+ EAT released by an operator/,
  );
  expect(released.text.match(/ EAT {2}QUEUED/g)).toHaveLength(1);

  await record(await idOf('let-go'), { status: 'FAILED', reason: 'expired' }, 0);
  expect((await find('let-go')).flat).toMatch(/What to do - See among its steps/);

  await kit.database.run(`UPDATE communications_email_log SET history = '[]' WHERE notification_id = $1`, [
    left,
  ]);
  expect((await find('left')).flat).toMatch(/ 1 \S+ \S+ EAT QUEUED accepted 2 \S+ \S+ EAT FAILED/);
});

it('tells of dead letters: of a whole event, of one rule, and by their own id', async () => {
  await kit.takeIn([kit.record(Buffer.from('482913'), { id: 'bytes' })]);
  const whole = await find('bytes');
  expect(whole.flat).toMatch(/Dead letter \S+ \(undecodable\): the whole event .*comms dead-letters discard/);
  const letter = /Dead letter (\S+)/.exec(whole.text)?.[1] ?? '';
  expect((await find(letter)).text).toBe(whole.text);

  const broken = consumer('auth', [
    on('otp.requested', {
      rule: 'verification-code',
      category: 'account',
      to: direct(() => {
        throw new TypeError('somebody made a mistake');
      }),
      template: 'auth/otp',
      via: ['email'],
      priority: 'high',
      context: (e) => ({
        name: e.user.name,
        code: e.code,
        purpose: e.purpose,
        valid_until: e.expires_at,
        ip_address: e.ip_address,
      }),
    }),
  ]);
  await kit.takeIn([otpRecord('of-a-rule')], { ruleBook: kit.ruleBookOf(broken) });
  const { flat, text } = await find('of-a-rule');
  expect(flat).toMatch(
    /Event of-a-rule.*mapping_error\): rule auth\/verification-code alone.*dead-letters retry/,
  );
  const own = /Dead letter (\S+)/.exec(text)?.[1] ?? '';
  expect((await find(own)).found).toMatchObject({ stories: [{ event: { id: 'of-a-rule' } }] });
});

it('finds dead letters by the key of the module, and says of which event they are', async () => {
  const headers = { ce_subject: 'batch-7' };
  await kit.takeIn([
    kit.record(Buffer.from('{"json": 1}'), { id: 'json-1', headers }),
    kit.record(Buffer.from('{"json": 2}'), { id: 'json-2', headers }),
    otpRecord('good-1', {}, headers),
  ]);
  const { found, text } = await find('batch-7');
  expect(found.kind === 'events' && found.stories).toHaveLength(3);
  for (const id of ['json-1', 'json-2']) {
    expect(text).toMatch(
      new RegExp(`^Event ${id}: otp.requested from /chesanto/auth\n  subject +batch-7\n\nDead letter `, 'm'),
    );
  }
  expect(text).toMatch(/^Event good-1: otp.requested from/);
  expect((await find('json-1')).text).toMatch(/^Event json-1: otp.requested from .chesanto.auth\n/);
});

it('still tells of a message whose event is too long ago', async () => {
  await takeOtpIn('long-ago');
  const id = await idOf('long-ago');
  await kit.database.run(`DELETE FROM communications_inbox WHERE event_id = 'long-ago'`);
  expect((await find(id)).found).toMatchObject({ kind: 'message', story: { event: null, rules: [{}] } });
  expect((await find(id)).text).toMatch(/^Rule auth/);
  expect((await find('jane@example.com', 1)).flat).toContain(id);
});

it('gives of very many messages a summary, and those first that want somebody', async () => {
  for (let n = 0; n < 12; n += 1) {
    const customer = { user_id: null, name: 'School', email: `school${n}@example.com`, phone: null };
    await kit.takeIn([
      kit.record(kit.bakery.publisher.encode('order.created', order({ customer })), {
        ...{ id: `order-${n}`, event: 'order.created' },
      }),
    ]);
  }
  await kit.database.run(
    `UPDATE communications_email_log SET event_ref = (SELECT id FROM communications_inbox WHERE event_id = 'order-0')
      WHERE rule = 'sales/order-confirmation'`,
  );
  const last = await idOf('order-0', 11);
  await record(last, { status: 'FAILED', reason: 'policy_refused', next: { kind: 'held' } });
  const { text, flat } = await find('order-0', 3);
  expect(flat).toContain('12 messages: 11 QUEUED, 1 FAILED. 3 of them');
  expect(text.match(/notification /g)).toHaveLength(3);
  expect(text).toMatch(/ FAILED \(policy_refused\): .* QUEUED: /s);
});

it('finds nothing of what nobody knows', async () => {
  const unknown = [
    'nothing',
    'nobody@example.com',
    '0799999999',
    '019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10',
    "'; --",
  ];
  for (const what of unknown) {
    expect(await findWhat(kit.database, what, { limit: 10, now: new Date() })).toBeNull();
  }
});
