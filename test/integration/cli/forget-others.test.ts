import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { runComms } from '../../helpers/run-comms.js';
import { otp, profile } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from './intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());
beforeEach(() =>
  kit.database.run(`TRUNCATE communications_email_log, communications_delivery, communications_dead_letter,
    communications_inbox, communications_skip`),
);

const NAME = 'Zoë Wanjirũ';
const comms = (...args: readonly string[]) => runComms(args, { environment: kit.bakery.environment });
const code = (email: string, id: string) =>
  kit.record(kit.bakery.publisher.encode('otp.requested', otp({ user: { email } })), { id });
const dead = (text: string, id: string) => kit.record(Buffer.from(text), { id });
const rows = async <T>(sql: string, row: z.ZodType<T>) => kit.database.rows(sql, [], row);
const letters = async () =>
  Object.fromEntries(
    (
      await rows(
        `SELECT id, coalesce(event_id, '') AS event, length(sealed) > 0 AND resolved_at IS NULL AS kept
           FROM communications_dead_letter`,
        z.object({ id: z.string(), event: z.string(), kept: z.boolean() }),
      )
    ).map(({ event, ...letter }) => [event, letter]),
  );
const mails = async () =>
  (
    await rows(
      'SELECT recipient, error_message AS answer FROM communications_email_log ORDER BY id',
      z.object({ recipient: z.string(), answer: z.string() }),
    )
  ).map(({ recipient, answer }) => `${recipient} ${answer}`.trim());

it('leaves those whose address only ends or begins like it', async () => {
  const others = ['joann@example.com', 'ann@example.com.ke'];
  for (const email of ['ann@example.com', ...others])
    await kit.takeIn([
      code(email, `of-${email.length}`),
      dead(`not Avro, of ${email}`, `dead-${email.length}`),
    ]);
  await kit.takeIn([dead('not Avro, of 1795743107', 'number')]);
  await kit.database.run(`UPDATE communications_email_log SET error_message = '550 ' || recipient`);

  expect(await comms('forget', 'ann@example.com', '--yes')).toMatchObject({ code: 0, stderr: '' });
  expect(await mails()).toEqual(['a***@example.com', ...others.map((email) => `${email} 550 ${email}`)]);
  expect(await letters()).toMatchObject({
    ...{ 'dead-15': { kept: false }, 'dead-17': { kept: true }, 'dead-18': { kept: true } },
  });
  await comms('forget', '+254795743107', '--yes');
  expect(await letters()).toMatchObject({ number: { kept: true } });
});

it('takes a name for theirs only if it is said, and destroys no open dead letter for it', async () => {
  await kit.takeIn([
    kit.record(
      kit.bakery.publisher.encode(
        'profile.updated',
        profile({ user_id: 61, name: NAME, email: 'zoe@example.com' }),
      ),
      { event: 'profile.updated' },
    ),
    code('namesake@example.com', 'namesake'),
    dead(`not Avro, of ${NAME.toUpperCase()}`, 'open'),
    dead(`not Avro either, of ${NAME}`, 'resolved'),
  ]);
  await kit.database.run(`UPDATE communications_email_log SET error_message = 'for ${NAME}'`);
  await kit.database.run(
    `UPDATE communications_dead_letter SET resolved_at = now() WHERE event_id = 'resolved'`,
  );

  expect(await comms('forget', '61', '--yes')).toMatchObject({ code: 0, stderr: '' });
  expect(await mails()).toEqual([`namesake@example.com for ${NAME}`]);
  const { open } = await letters();

  const named = await comms('forget', '61', '--name', NAME, '--yes');
  expect(named).toMatchObject({ code: 1, stderr: expect.stringMatching(/open dead letters with the name/i) });
  expect(named.stderr).toContain(open?.id);
  expect(named.stdout).toMatch(/communications_dead_letter +1/);
  expect(await letters()).toMatchObject({ open: { kept: true } });
  expect(await mails()).toEqual(['namesake@example.com']);
});

it('says how many events keep an address in their id, and until when', async () => {
  await kit.takeIn([code('other@example.com', 'invited:Asha@example.com')]);
  await kit.database.run(`UPDATE communications_inbox SET received_at = '2026-03-01T09:00:00Z'`);
  const done = await comms('forget', 'asha@example.com', '--yes', '--json');
  expect(done.code).toBe(1);
  expect(done.stderr.replaceAll(/\s+/g, ' ')).toMatch(
    /1 event of a module has an address or name in the id .*after 2026-04-15 12:00:00 EAT/,
  );
  expect(JSON.parse(done.stdout)).toMatchObject({ keptEvents: { events: 1 } });
});
