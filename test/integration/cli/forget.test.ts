import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { columnsOf, placesWith } from '../../helpers/find-everywhere.js';
import { runComms } from '../../helpers/run-comms.js';
import { invited, order, otp, profile } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from './intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

const LIMITED = {
  limitsOf: () => ({
    perRule: { messages: 100, perMs: 3_600_000 },
    perRecipient: { messages: 100, perMs: 3_600_000 },
  }),
};
const comms = (...args: readonly string[]) => runComms(args, { environment: kit.bakery.environment });
const run = (sql: string) => kit.database.run(sql);
const everything = async () => {
  // What waits to be published is Kafka's in a moment, and out of reach there.
  await run('DELETE FROM communications_outbox');
  return columnsOf(kit.bakery.databaseUrl);
};
const placesNaming = async (needles: readonly string[]) =>
  [...new Set(placesWith(await everything(), needles))].sort();

/** All that is to be known of somebody, through every door. */
async function writeTo(person: {
  id: number | null;
  email: string;
  phone: string;
  name: string;
}): Promise<void> {
  const { id, email, phone, name } = person;
  const code = (change: Parameters<typeof otp>[0], recordId: string, headers = {}) =>
    kit.record(kit.bakery.publisher.encode('otp.requested', otp(change)), { id: recordId, headers });
  const user = { user_id: id, name, email, phone };
  const tag = email.split('@')[0];
  await kit.takeIn(
    [
      ...(id === null
        ? []
        : [
            kit.record(
              kit.bakery.publisher.encode(
                'profile.updated',
                profile({ user_id: id, name, email, phone, other_phones: [phone] }),
              ),
              { event: 'profile.updated' },
            ),
          ]),
      code({ channel: 'SMS', user, actor_id: id }, `both-${tag}`, { ce_subject: `login of ${email}` }),
      // Without a number: left out for SMS.
      code({ channel: 'SMS', user: { user_id: null, name, email, phone: null } }, `no-phone-${tag}`),
      code({ user }, `failed-${tag}`),
      kit.record(
        kit.bakery.publisher.encode(
          'user.invited',
          invited({ invitee: { user_id: id, name, email, phone } }),
        ),
        { id: `invited-${tag}`, event: 'user.invited' },
      ),
      kit.record(
        kit.bakery.publisher.encode(
          'order.created',
          order({ customer: { user_id: id, name, email, phone } }),
        ),
        { id: `ordered-${tag}`, event: 'order.created' },
      ),
      kit.record(Buffer.from(`not Avro, of ${email}, ${phone}, ${name}`), {
        id: `dead-${tag}`,
        key: Buffer.from(email),
        headers: { ce_subject: email },
      }),
    ],
    LIMITED,
  );
  await run(`
    UPDATE communications_email_log SET error_message = '550 no ' || recipient, cc = jsonb_build_array(recipient),
      history = jsonb_build_array(jsonb_build_object('status', 'FAILED', 'answer', '550 no ' || recipient))
    WHERE recipient = '${email}'`);
  await run(`UPDATE communications_delivery SET last_status = 'FAILED', due_at = 'infinity'
    WHERE notification_id IN (SELECT notification_id FROM communications_email_log l
      JOIN communications_inbox i ON i.id = l.event_ref WHERE i.event_id = 'failed-${tag}')`);
}

const other = { id: 81, email: 'jabali81@example.com', phone: '+254722000081', name: 'Jabali Mwangi' };
const user = { id: 71, email: 'Wanjiku.71@example.com', phone: '+254711000071', name: 'Wanjiku Zawadi' };
const guest = { id: null, email: 'zuri.guest@example.com', phone: '+254733000099', name: 'Zuri Achieng' };
const needlesOf = ({ email, phone, name }: typeof user | typeof guest) => [
  email,
  email.toLowerCase(),
  phone,
  phone.slice(4),
  name,
];
const count = async (table: string, where: string) =>
  (
    await kit.database.rows(
      `SELECT count(*)::integer AS n FROM communications_${table} WHERE ${where}`,
      [],
      z.object({ n: z.number() }),
    )
  )[0]?.n ?? 0;

it.each([
  { who: user, args: ['71'], sees: ['contact.email', 'contact.name', 'contact.other_phones'] },
  { who: guest, args: [guest.email, '--name', guest.name], sees: [] },
])('leaves nothing of $who.email, and the others as they were', async ({ who, args, sees }) => {
  await writeTo(other);
  await writeTo(who);
  const expected = [
    'email_log.recipient',
    'email_log.cc',
    'email_log.error_message',
    'email_log.history',
    'sms_log.phone_number',
    'delivery.recipient',
    'inbox.subject',
    'skip.recipient_key',
    'dead_letter.headers',
    ...sees,
  ];
  expect(await placesNaming(needlesOf(who))).toEqual(
    expect.arrayContaining(expected.map((place) => `communications_${place}`)),
  );
  const brakes = await count('brake', 'true');
  const ofOthers = async () =>
    (await everything()).filter(([, value]) =>
      needlesOf({ ...guest, ...other }).some((one) => value.includes(one)),
    );
  const before = await ofOthers();
  const logged = await count('email_log', 'true');

  const asked = await comms('forget', ...args);
  expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') });
  const rehearsed = await comms('forget', ...args, '--dry-run', '--json');
  expect(rehearsed).toMatchObject({ code: 0 });
  expect(await placesNaming(needlesOf(who))).toEqual(
    expect.arrayContaining(expected.map((place) => `communications_${place}`)),
  );
  const done = await comms('forget', ...args, '--yes', '--json');
  expect(done).toMatchObject({ code: 0 });
  const plain = (text: string) => ({ ...JSON.parse(text), dryRun: null });
  expect(plain(done.stdout)).toEqual(plain(rehearsed.stdout));
  expect(asked.stdout + done.stdout).not.toMatch(/wanjiku\.71|zuri\.guest|711000071|Zawadi|Achieng/i);

  // By phone too, for somebody of whom no directory says that it is theirs.
  if (who === guest) expect(await comms('forget', guest.phone, '--yes')).toMatchObject({ code: 0 });
  expect(await placesNaming(needlesOf(who))).toEqual([]);
  expect(await ofOthers()).toEqual(before);
  expect(await count('email_log', 'true')).toBe(logged);
  expect(await count('brake', 'true')).toBeLessThan(brakes);
  expect(await count('email_log', `recipient LIKE '%***%' AND last_status = 'CANCELLED'`)).toBeGreaterThan(0);
  expect(await count('dead_letter', `length(sealed) = 0 AND resolved_at IS NOT NULL`)).toBeGreaterThan(0);
  // Of a user, the rows are known by the id, which stays.
  expect((await comms('forget', ...args, '--dry-run')).code).toBe(who === guest ? 1 : 0);
});

it('drops what is parked for somebody who is not known yet', async () => {
  await kit.takeIn([
    kit.record(
      kit.bakery.publisher.encode(
        'otp.requested',
        otp({ user: { user_id: 73, name: 'Nia Otieno', email: null } }),
      ),
    ),
  ]);
  expect(await count('parked', `wait_for = 'user:73'`)).toBe(1);
  expect(await comms('forget', 'user:73', '--yes')).toMatchObject({ code: 0 });
  expect(await count('parked', `wait_for = 'user:73'`)).toBe(0);
  expect(await count('skip', `recipient_key = 'user:73' AND reason = 'cancelled'`)).toBe(1);
});

it('lets go out what is on the wire, and what it is told to leave, and says so', async () => {
  const email = 'both.ways@example.com';
  for (const id of ['wire', 'waits']) {
    await kit.takeIn([
      kit.record(kit.bakery.publisher.encode('otp.requested', otp({ user: { email } })), { id }),
    ]);
    if (id === 'wire')
      await run(`UPDATE communications_delivery SET claimed_by = gen_random_uuid(), claimed_epoch = 1,
        claimed_at = now(), claim_id = gen_random_uuid() WHERE recipient = '${email}'`);
  }
  const kept = await comms('forget', email, '--keep-waiting', '--yes');
  expect(kept).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^2 of their messages are still to be sent/),
  });
  expect(await count('delivery', `recipient = '${email}'`)).toBe(2);
  expect(await placesNaming([email])).toEqual(['communications_delivery.recipient']);
  const rest = await comms('forget', email, '--yes');
  expect(rest).toMatchObject({ code: 1, stderr: expect.stringMatching(/^1 of their messages is/) });
  expect(await count('delivery', `recipient = '${email}'`)).toBe(1);
});

it('asks who is meant where several share an address, and leaves the others theirs', async () => {
  const shared = 'office@example.com';
  const profiles = [91, 92].map((id) =>
    kit.record(
      kit.bakery.publisher.encode(
        'profile.updated',
        profile({ user_id: id, name: `Asha Njeri${id}`, email: shared }),
      ),
      {
        event: 'profile.updated',
      },
    ),
  );
  await kit.takeIn([
    ...profiles,
    kit.record(kit.bakery.publisher.encode('otp.requested', otp({ user: { user_id: 92, email: shared } }))),
  ]);
  expect(await comms('forget', shared, '--dry-run')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('users 91, 92 all have o***@example.com'),
  });
  expect(await comms('forget', '91', '--yes')).toMatchObject({ code: 0 });
  expect(await count('contact', `user_id = 92 AND email = '${shared}'`)).toBe(1);
  expect(await count('email_log', `recipient = '${shared}'`)).toBe(1);
  expect(await count('contact', `user_id = 91 AND deleted_at IS NOT NULL AND name IS NULL`)).toBe(1);
});
