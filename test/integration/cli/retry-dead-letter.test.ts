import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { findDeadLetters } from '../../../src/cli/dead-letters/find-dead-letters.js';
import { createDecoder } from '../../../src/contracts/decoder.js';
import type { Events } from '../../../src/generated/events.js';
import { retryDeadLetter } from '../../../src/intake/retry-dead-letter.js';
import { consumer, direct, on } from '../../../src/rules/words.js';
import { contactsById } from '../../../src/store/contacts.js';
import { inTransaction } from '../../../src/store/database.js';
import { createSeal } from '../../../src/store/sealing.js';
import { otp, profile } from '../../helpers/sample-events.js';
import { waitFor } from '../../helpers/wait-for.js';
import { type IntakeKit, openIntakeKit } from './intake-kit.js';

const NOBODY = '019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

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

/** As if the writer's schema were not registered yet. */
const forgetful = () =>
  createDecoder<Events>({
    contracts: kit.options.contracts,
    registry: { schemaById: async () => 'unknown' },
    now: () => new Date(),
    unknownGraceMs: 0,
  });

const count = z.object({ n: z.number() });
async function rowsOf(table: 'email_log' | 'delivery' | 'outbox' | 'dead_letter' | 'inbox'): Promise<number> {
  const [row] = await kit.database.rows(
    `SELECT count(*)::integer AS n FROM communications_${table}`,
    [],
    count,
  );
  return row?.n ?? -1;
}

async function onlyLetter(
  reason: 'mapping_error' | 'undecodable' | 'event_id_conflict' | 'no_rule' | 'unknown_schema',
) {
  const letters = await findDeadLetters(kit.database, { reason });
  const [letter] = letters;
  if (letter === undefined || letters.length > 1)
    throw new Error(`${letters.length} dead letters with ${reason}`);
  return letter;
}

/** So that what wants the row really runs beside each other. */
async function holdRow(id: string): Promise<{ release(): Promise<void> }> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((locked, failed) => {
    ended = inTransaction(kit.database, async (tx) => {
      await tx.run('SELECT 1 FROM communications_dead_letter WHERE id = $1 FOR UPDATE', [id]);
      locked();
      await released;
    });
    ended.catch(failed);
  });
  return {
    release() {
      release();
      return ended;
    },
  };
}

async function waitingForLocks(): Promise<number> {
  const [row] = await kit.database.rows(
    `SELECT count(*)::integer AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    [],
    count,
  );
  return row?.n ?? -1;
}

const encoded = (change: Parameters<typeof otp>[0] = {}) =>
  kit.bakery.publisher.encode('otp.requested', otp(change));

it('applies one rule to the event in the inbox once the rule is mended, and sends once', async () => {
  await kit.takeIn([kit.record(encoded())], { ruleBook: kit.ruleBookOf(broken) });
  const letter = await onlyLetter('mapping_error');
  expect(letter.rule).toBe('auth/verification-code');

  const still = await retryDeadLetter(letter.id, { ...kit.options, ruleBook: kit.ruleBookOf(broken) });
  expect(still).toMatchObject({ kind: 'failed', reason: 'mapping_error' });
  expect((await onlyLetter('mapping_error')).retriedAt).toBeInstanceOf(Date);

  const before = { inbox: await rowsOf('inbox'), log: await rowsOf('email_log') };
  expect(await retryDeadLetter(letter.id, kit.options, { dryRun: true })).toEqual({
    kind: 'resolved',
    outcome: 'accepted',
  });
  expect(await rowsOf('email_log'), 'a dry run leaves nothing behind').toBe(before.log);

  const row = await holdRow(letter.id);
  const retrying = Promise.all([1, 2, 3].map(() => retryDeadLetter(letter.id, kit.options)));
  await waitFor(async () => (await waitingForLocks()) === 3, { what: 'all three to wait for the row' });
  await row.release();
  const retries = await retrying;
  expect(retries.filter(({ kind }) => kind === 'resolved')).toEqual([
    { kind: 'resolved', outcome: 'accepted' },
  ]);
  expect(retries.filter(({ kind }) => kind === 'resolved before')).toHaveLength(2);
  expect(await retryDeadLetter(letter.id, kit.options)).toEqual({ kind: 'resolved before' });
  expect(await rowsOf('email_log')).toBe(before.log + 1);
  expect(await rowsOf('inbox')).toBe(before.inbox);
  expect(await findDeadLetters(kit.database, { reason: 'mapping_error' })).toEqual([]);
});

it('takes a whole event in once its schema is known', async () => {
  const value = encoded({ user: { email: 'unknown-schema@example.com' } });
  await kit.takeIn([kit.record(value)], { decoder: forgetful() });
  const letter = await onlyLetter('unknown_schema');
  expect(await retryDeadLetter(letter.id, { ...kit.options, decoder: forgetful() })).toMatchObject({
    kind: 'failed',
    reason: 'unknown_schema',
  });
  const log = await rowsOf('email_log');
  expect(await retryDeadLetter(letter.id, kit.options)).toEqual({ kind: 'resolved', outcome: 'accepted' });
  expect(await rowsOf('email_log')).toBe(log + 1);
});

it('takes a profile over, and what waited for it may wake', async () => {
  const value = kit.bakery.publisher.encode(
    'profile.updated',
    profile({ user_id: 314, name: 'Ruth Achieng' }),
  );
  await kit.takeIn([kit.record(value, { event: 'profile.updated' })], { decoder: forgetful() });
  const letter = await onlyLetter('unknown_schema');
  expect(await retryDeadLetter(letter.id, kit.options)).toEqual({ kind: 'resolved', outcome: 'profile' });
  expect((await contactsById(kit.database, [314])).get(314)?.name).toBe('Ruth Achieng');
});

it('does not say that it is on its way what the brake holds', async () => {
  const value = encoded({ user: { email: 'held@example.com' } });
  await kit.takeIn([kit.record(value)], { decoder: forgetful() });
  const letter = await onlyLetter('unknown_schema');
  const none = { messages: 0, perMs: 3_600_000 };
  const braked = { ...kit.options, limitsOf: () => ({ perRule: none, perRecipient: null }) };
  expect(await retryDeadLetter(letter.id, braked)).toEqual({ kind: 'resolved', outcome: 'held' });
});

it('gives a rule that fails within a retried event a dead letter of its own', async () => {
  const record = kit.record(encoded({ user: { email: 'two-steps@example.com' } }));
  await kit.takeIn([record], { ruleBook: kit.ruleBookOf() });
  const whole = await onlyLetter('no_rule');
  expect(await retryDeadLetter(whole.id, { ...kit.options, ruleBook: kit.ruleBookOf() })).toMatchObject({
    kind: 'failed',
    reason: 'no_rule',
  });
  await retryDeadLetter(whole.id, { ...kit.options, ruleBook: kit.ruleBookOf(broken) });
  const ofRule = await onlyLetter('mapping_error');
  expect(ofRule.offset).toBe(whole.offset);
  expect(await retryDeadLetter(ofRule.id, kit.options)).toEqual({ kind: 'resolved', outcome: 'accepted' });
});

it('keeps open what is still wrong, under the reason of now', async () => {
  await kit.takeIn([kit.record(Buffer.from('{}'))]);
  const garbage = await onlyLetter('undecodable');
  expect(await retryDeadLetter(garbage.id, kit.options)).toMatchObject({
    kind: 'failed',
    reason: 'undecodable',
  });

  const id = 'used-twice';
  await kit.takeIn([kit.record(encoded(), { id })]);
  await kit.takeIn([kit.record(encoded({ code: '111111' }), { id })]);
  const conflict = await onlyLetter('event_id_conflict');
  const log = await rowsOf('email_log');
  expect(await retryDeadLetter(conflict.id, kit.options)).toMatchObject({
    kind: 'failed',
    reason: 'event_id_conflict',
  });
  expect(await rowsOf('email_log')).toBe(log);
});

it('sends nothing for what has come again by itself', async () => {
  const value = encoded({ user: { email: 'came-again@example.com' } });
  const id = 'came-again';
  await kit.takeIn([kit.record(value, { id })], { decoder: forgetful() });
  const letter = await onlyLetter('unknown_schema');
  await kit.takeIn([kit.record(value, { id })]);
  const log = await rowsOf('email_log');
  expect(await retryDeadLetter(letter?.id ?? '', kit.options)).toEqual({
    kind: 'resolved',
    outcome: 'duplicate',
  });
  expect(await rowsOf('email_log')).toBe(log);
});

it('leaves everything as it was when the key is gone', async () => {
  const [letter] = await findDeadLetters(kit.database, {});
  const otherKeys = createSeal([{ id: 'other', key: Buffer.alloc(32, 7) }]);
  await expect(retryDeadLetter(letter?.id ?? '', { ...kit.options, seal: otherKeys })).rejects.toThrow('k1');
  expect(await findDeadLetters(kit.database, {})).toContainEqual(letter);
});

it('says so when there is no such dead letter', async () => {
  expect(await retryDeadLetter(NOBODY, kit.options)).toEqual({ kind: 'not found' });
});
