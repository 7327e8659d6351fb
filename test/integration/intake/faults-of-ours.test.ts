import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { findDeadLetters } from '../../../src/cli/dead-letters/find-dead-letters.js';
import type { OtpRequested } from '../../../src/generated/events.js';
import { retryDeadLetter } from '../../../src/intake/retry-dead-letter.js';
import { consumer, direct, on } from '../../../src/rules/words.js';
import { otp } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

const encoded = (purpose: OtpRequested['purpose'] = 'LOGIN') =>
  kit.bakery.publisher.encode('otp.requested', otp({ purpose }));
const lettersAt = async (offset: bigint) =>
  (await findDeadLetters(kit.database, {})).filter((letter) => letter.offset === Number(offset));
async function messagesOf(id: string): Promise<number | undefined> {
  const [row] = await kit.database.rows(
    `SELECT count(*)::integer AS n FROM communications_email_log l
       JOIN communications_inbox i ON i.id = l.event_ref WHERE i.event_id = $1`,
    [id],
    z.object({ n: z.number() }),
  );
  return row?.n;
}

const rule = (words: Pick<Parameters<typeof on<'otp.requested', 'auth/otp', unknown>>[1], 'to'>) =>
  kit.ruleBookOf(
    consumer('auth', [
      on('otp.requested', {
        rule: 'verification-code',
        category: 'account',
        template: 'auth/otp',
        via: ['email'],
        priority: 'high',
        ...words,
        context: (e) => ({
          name: e.user.name,
          code: e.code,
          purpose: e.purpose,
          valid_until: e.expires_at,
          ip_address: e.ip_address,
        }),
      }),
    ]),
  );

/** Nothing a rule may return, but that is only known when it is used. */
const ADDRESS_IS_A_NUMBER = '{ "user_id": 5, "name": "Jane", "email": 5, "phone": null }';

it('dead-letters the one event whose storing fails with an error of the program, with its place in the log', async () => {
  const ruleBook = rule({
    to: direct((e) => (e.purpose === 'PASSWORD_RESET' ? JSON.parse(ADDRESS_IS_A_NUMBER) : e.user)),
  });
  const before = kit.record(encoded());
  const culprit = kit.record(encoded('PASSWORD_RESET'));
  const after = kit.record(encoded(), { id: 'after-the-culprit' });
  await kit.takeIn([before, culprit, after], { ruleBook });
  const letters = await lettersAt(culprit.offset);
  expect(letters).toMatchObject([{ reason: 'mapping_error', detail: expect.stringContaining('TypeError') }]);
  expect(await messagesOf('after-the-culprit')).toBe(1);
  const told = kit.logs.map((line) => JSON.parse(line)).filter((line) => line.dead_letter === letters[0]?.id);
  expect(told).toMatchObject([
    { topic: culprit.topic, partition: 0, offset: culprit.offset.toString(), reason: 'mapping_error' },
  ]);
});

it('dead-letters a rule of whose values no message can be made, and takes it in once it is mended', async () => {
  const unwritable = () => {
    throw new RangeError('no such status');
  };
  const record = kit.record(encoded(), { id: 'unwritable' });
  const good = kit.record(encoded());
  await kit.takeIn([record], { encode: unwritable });
  await kit.takeIn([good]);
  const [letter] = await lettersAt(record.offset);
  expect(letter).toMatchObject({ reason: 'mapping_error', rule: 'auth/verification-code' });
  const id = letter?.id ?? '';
  expect(await retryDeadLetter(id, { ...kit.options, encode: unwritable })).toMatchObject({
    kind: 'failed',
    detail: expect.stringContaining('RangeError'),
  });
  expect(await retryDeadLetter(id, kit.options)).toEqual({ kind: 'resolved', outcome: 'accepted' });
  expect(await messagesOf('unwritable')).toBe(1);
});
