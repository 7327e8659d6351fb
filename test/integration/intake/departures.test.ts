import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { BusRecord } from '../../../src/bus/record.js';
import type { Verdict } from '../../../src/domain/verdict.js';
import { applyTransitions } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
import { contactsById } from '../../../src/store/contacts.js';
import { DELIVERY_COLUMNS, deliveryRow } from '../../../src/store/delivery-row.js';
import { otp, profile } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

const event = 'profile.updated';
const gone = (userId: number, headers: Record<string, string> = {}): BusRecord =>
  kit.record(null, { event, key: Buffer.from(String(userId)), headers });
const there = (userId: number, name: string, updatedAt = new Date()) =>
  kit.record(kit.bakery.publisher.encode(event, profile({ user_id: userId, name, updated_at: updatedAt })), {
    event,
  });
const nameOf = async (userId: number) => (await contactsById(kit.database, [userId])).get(userId)?.name;

it('leaves a person who is back alone when an old tombstone is read once more', async () => {
  const tombstone = gone(41);
  await kit.takeIn([there(41, 'Mary before'), tombstone]);
  expect(await nameOf(41)).toBeNull();
  await kit.takeIn([there(41, 'Mary is back')]);
  await kit.takeIn([tombstone]);
  expect(await nameOf(41)).toBe('Mary is back');
});

it('lets no profile from the future keep out those that follow', async () => {
  const inTwoYears = new Date(Date.now() + 2 * 365 * 86_400_000);
  const inADay = new Date(Date.now() + 86_400_000 + 60_000);
  await kit.takeIn([there(45, 'From the future', inTwoYears)]);
  await kit.takeIn([there(45, 'A day ahead', inADay)]);
  expect(await nameOf(45)).toBe('A day ahead');
});

it('applies nothing that was published under the identity of another event', async () => {
  const first = there(42, 'The first');
  await kit.takeIn([first]);
  const taken = Object.fromEntries(
    Object.entries(first.headers).map(([name, text]) => [name, text.toString()]),
  );
  await kit.takeIn([gone(42, taken)]);
  expect(await nameOf(42)).toBe('The first');
  const other = kit.bakery.publisher.encode(event, profile({ user_id: 42, name: 'The other' }));
  await kit.takeIn([kit.record(other, { event, headers: taken })]);
  expect(await nameOf(42)).toBe('The first');
});

it('takes people who are gone out of the log of what they caused', async () => {
  const sentBy = async (id: string) => {
    const rows = await kit.database.rows(
      `SELECT l.sent_by FROM communications_email_log l JOIN communications_inbox i ON i.id = l.event_ref
        WHERE i.event_id = $1`,
      [id],
      z.object({ sent_by: z.number().nullable() }),
    );
    return rows[0]?.sent_by;
  };
  const causedBy = (actor: number, id: string) =>
    kit.record(kit.bakery.publisher.encode('otp.requested', otp({ actor_id: actor })), { id });
  await kit.takeIn([causedBy(43, 'by-43'), causedBy(44, 'by-44')]);
  expect(await sentBy('by-43')).toBe(43);
  await kit.takeIn([gone(43)]);
  expect(await sentBy('by-43')).toBeNull();
  expect(await sentBy('by-44')).toBe(44);
});

it('masks who is gone in the logs of what went to them, and leaves the others', async () => {
  const codeTo = (userId: number, id: string) =>
    kit.record(
      kit.bakery.publisher.encode(
        'otp.requested',
        otp({
          channel: 'SMS',
          user: { user_id: userId, email: `mary${userId}@example.com`, phone: `+2547000000${userId}` },
        }),
      ),
      { id },
    );
  const personal = async (id: string) => {
    const rows = await kit.database.rows(
      `SELECT l.shown FROM communications_inbox i JOIN (
         SELECT event_ref, concat_ws(' | ', recipient, subject, error_message, history) AS shown
           FROM communications_email_log
         UNION ALL
         SELECT event_ref, concat_ws(' | ', phone_number, message, error_message, history)
           FROM communications_sms_log) l ON l.event_ref = i.id
        WHERE i.event_id = $1 ORDER BY l.shown`,
      [id],
      z.object({ shown: z.string() }),
    );
    return rows.map((row) => row.shown);
  };
  await kit.takeIn([there(51, 'Mary'), there(52, 'Jane'), codeTo(51, 'to-51'), codeTo(52, 'to-52')]);
  await kit.database.run(
    `UPDATE communications_email_log SET error_message = 'no ' || recipient, history =
       jsonb_build_array(jsonb_build_object('status', 'FAILED', 'answer', 'no ' || recipient))`,
  );
  const before = await personal('to-52');
  await kit.takeIn([gone(51)]);
  expect(await personal('to-51')).toEqual([
    '***051 | (auth_otp) |  | []',
    'm***@example.com | (auth_otp) |  | [{"answer": "", "status": "FAILED"}]',
  ]);
  expect(await personal('to-52')).toEqual(before);
  expect(before.join()).toContain('mary52@example.com');
});

it('lets no later answer bring back the address of who is gone', async () => {
  const value = kit.bakery.publisher.encode(
    'otp.requested',
    otp({ user: { user_id: 61, email: 'mary61@example.com' } }),
  );
  await kit.takeIn([there(61, 'Mary'), kit.record(value, { id: 'to-61' })]);
  await kit.takeIn([gone(61)]);
  const [row] = await kit.database.rows(
    `SELECT ${DELIVERY_COLUMNS} FROM communications_delivery d WHERE recipient = 'mary61@example.com'`,
    [],
    deliveryRow,
  );
  if (row === undefined) throw new Error('nothing waits');
  const verdict: Verdict = {
    status: 'RETRYING',
    reason: 'unreachable',
    next: { kind: 'again', delayMs: 1_000 },
    possibleDuplicate: false,
    providerMessageId: null,
    error: '450 later: mary61@example.com',
  };
  await applyTransitions(kit.database, [buildTransition(row, verdict, new Date(), kit.options.encode)]);
  const [log] = await kit.database.rows(
    `SELECT concat_ws(' ', recipient, error_message, history) AS shown, jsonb_array_length(history) AS steps
       FROM communications_email_log WHERE recipient_id = 61`,
    [],
    z.object({ shown: z.string(), steps: z.number() }),
  );
  expect(log?.steps).toBe(1);
  expect(log?.shown).not.toContain('mary61');
});
