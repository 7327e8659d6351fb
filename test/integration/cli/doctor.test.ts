import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examine } from '../../../src/cli/doctor/examine.js';
import type { PausedProvider } from '../../../src/store/provider-pauses.js';
import { syncTemplates } from '../../../src/store/template-registry.js';
import { otp, profile } from '../../helpers/sample-events.js';
import { execute } from '../../helpers/sql.js';
import { type IntakeKit, openIntakeKit } from './intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

/** What is said of these, in the order of the checks. */
async function examined(subjects: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const findings = await examine({ ...kit.bakery.environment, ...environment });
  return findings
    .filter(({ subject }) => subjects.includes(subject))
    .map(({ ok, says, advice }) => `${ok ? (advice === '' ? 'ok' : 'warning') : 'problem'}: ${says}`);
}

const arrive = (...profiles: Parameters<typeof profile>[0][]) =>
  kit.takeIn(
    profiles.map((change) =>
      kit.record(kit.bakery.publisher.encode('profile.updated', profile(change)), {
        event: 'profile.updated',
      }),
    ),
  );
const takeOtpIn = (change: Parameters<typeof otp>[0] = {}) =>
  kit.takeIn([kit.record(kit.bakery.publisher.encode('otp.requested', otp(change)))], {
    limitsOf: () => ({ perRule: { messages: 1, perMs: 3_600_000 }, perRecipient: null }),
  });

it('misses somebody for each role that a rule writes to', async () => {
  const nobody = (role: string) =>
    `problem: nobody active and approved holds ${role}, to whom inventory/low-stock-alert would write`;
  expect(await examined(['directory'])).toEqual([
    'ok: 0 active contacts',
    nobody('PRODUCT_MANAGER'),
    nobody('ADMIN'),
  ]);

  await arrive(
    { user_id: 1, role: 'ADMIN' },
    { user_id: 2, role: 'PRODUCT_MANAGER', approved: false },
    { user_id: 3, role: 'PRODUCT_MANAGER', active: false },
  );
  expect(await examined(['directory'])).toEqual([
    'ok: 2 active contacts, 1 of them not approved yet',
    nobody('PRODUCT_MANAGER'),
  ]);

  await arrive({ user_id: 2, role: 'PRODUCT_MANAGER' });
  expect(await examined(['directory'])).toEqual(['ok: 2 active contacts']);
});

it('names what people have stopped and what waits for them, none of which is a fault', async () => {
  const waiting = ['templates', 'brake', 'parked', 'dead letters'];
  const file = {
    type: 'EMAIL',
    subject: '',
    description: '',
    requiredContext: [],
    contentHash: 'a',
  } as const;
  await syncTemplates(kit.database, [
    { ...file, name: 'auth_otp', path: 'auth/otp' },
    { ...file, name: 'auth_invitation', path: 'auth/invitation' },
  ]);
  expect(await examined(waiting)).toEqual([
    'ok: all 2 switched on',
    'ok: holds nothing',
    'ok: nothing waits for a recipient',
    'ok: none open',
  ]);

  await kit.database.run(
    `UPDATE communications_message_template SET is_active = false WHERE name = 'auth_otp'`,
  );
  await takeOtpIn();
  await takeOtpIn();
  await takeOtpIn({ user: { user_id: 4711, email: null } });
  await kit.takeIn([kit.record(Buffer.from('no Avro'))]);
  const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d EAT`;
  expect(await examined(waiting)).toEqual([
    'warning: switched off: auth_otp',
    expect.stringMatching(
      new RegExp(`^warning: holds 1 message of auth/verification-code \\(expires from ${time}\\)$`),
    ),
    expect.stringMatching(new RegExp(`^ok: 1 waits, the oldest since ${time}, for a recipient$`)),
    expect.stringMatching(new RegExp(`^warning: 1 open, the oldest since ${time}$`)),
  ]);
});

it('tells whether anybody delivers, what keeps them from it, and how long the queue is', async () => {
  const parts = ['service', 'provider', 'queue'];
  const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d EAT`;
  const worker = (instance: string, ago: string, pauses: readonly PausedProvider[] = []) =>
    kit.database.run(
      `INSERT INTO communications_worker (id, epoch, instance, connections, beat_at, provider_pauses)
       VALUES (gen_random_uuid(), 1, $1, 1, now() - $2::interval, $3::jsonb)`,
      [instance, ago, JSON.stringify(pauses)],
    );
  await kit.database.run('DELETE FROM communications_delivery');
  expect(await examined(parts)).toEqual(['problem: no instance is running', 'ok: nothing waits to be sent']);

  await worker('victim', '1 minute');
  await takeOtpIn({ user: { email: 'a@example.com' } });
  await kit.database.run(`UPDATE communications_delivery SET due_at = now() - interval '2 minutes'`);
  expect(await examined(parts)).toEqual([
    expect.stringMatching(new RegExp(`^problem: no instance has been heard of since ${time}$`)),
    expect.stringMatching(new RegExp(`^warning: 1 message due, the oldest since ${time}$`)),
  ]);

  const pause = (minute: number): PausedProvider => ({
    ...{ channel: 'email', provider: 'smtp', reason: 'unreachable', answer: 'unreachable: ECONNREFUSED' },
    since: new Date(Date.UTC(2026, 2, 9, 3, minute)),
  });
  await worker('b', '-1 hour', [pause(5)]);
  await worker('a', '1 second', [pause(4)]);
  await kit.database.run(`UPDATE communications_delivery SET due_at = now() + interval '1 hour'`);
  expect(await examined(parts)).toEqual([
    'ok: 2 instances running: a, b',
    "problem: the mail server can't be reached since 2026-03-09 06:04:00 EAT (unreachable: ECONNREFUSED); it is tried again by itself",
    'ok: 1 for later',
  ]);
});

it('warns of a database user who is not shown the transactions of others', async () => {
  const { databaseUrl } = kit.bakery;
  const user = `plain_${randomBytes(6).toString('hex')}`;
  const url = new URL(databaseUrl);
  url.username = user;
  url.password = '';
  const asUser = () => examined(['statistics'], { DATABASE_URL: url.href });
  await execute(databaseUrl, `CREATE ROLE ${user} LOGIN; GRANT pg_read_all_data TO ${user}`);
  try {
    expect(await asUser()).toEqual([
      `warning: ${user} does not see how old the transactions of other users are: CommsSnapshotOld is blind for them`,
    ]);
    await execute(databaseUrl, `GRANT pg_read_all_stats TO ${user}`);
    expect(await asUser()).toEqual(['ok: shows how old the transactions of other users are']);
  } finally {
    await execute(databaseUrl, `DROP ROLE ${user}`);
  }
});

it('tells how much each group has still to read', async () => {
  const { prefix } = kit.bakery;
  await kit.bakery.publisher.publish('otp.requested', otp());
  await kit.bakery.publisher.publish('profile.updated', profile({ user_id: 90 }));
  const told = await examined(['lag']);
  expect(told).toEqual([
    expect.stringMatching(/^ok: [\w.-]+: not read yet: 1 on \S*profile\.updated$/),
    expect.stringMatching(/^ok: [\w.-]+\.high: not read yet: 1 on \S*otp\.requested$/),
  ]);
  expect(told.join()).toContain(`${prefix}profile.updated`);
  expect(await examined(['lag'], { KAFKA_BROKERS: '127.0.0.1:9' })).toEqual([]);
});

it('warns where messages reach nobody', async () => {
  expect(await examined(['delivery', 'sms'])).toEqual([
    'ok: live: messages go to everybody',
    'ok: sink: text messages are recorded and reach nobody',
  ]);
  expect(
    await examined(['delivery', 'sms'], {
      ...{ DELIVERY_MODE: 'allowlist', DELIVERY_ALLOWLIST: '@example.com', SMS_PROVIDER: '' },
    }),
  ).toEqual([
    'warning: allowlist: messages go to DELIVERY_ALLOWLIST only',
    'warning: SMS_PROVIDER is not set: text messages are recorded and reach nobody',
  ]);
  expect(await examined(['delivery', 'sms'], { DELIVERY_MODE: 'sink', SMS_PROVIDER: 'twilio' })).toEqual([
    'warning: sink: everything is recorded, nothing is sent',
    'warning: this build has no provider twilio: text messages are recorded and reach nobody',
  ]);
});
