import { beforeEach, expect, it } from 'vitest';
import { type ResendOptions, resend } from '../../../src/delivery/resend.js';
import type { StatusChange } from '../../../src/domain/notification.js';
import { decodePayload, payloadSealedFor } from '../../../src/domain/payload.js';
import { applyProfiles } from '../../../src/store/contacts.js';
import { inTransaction } from '../../../src/store/database.js';
import { failedMessages } from '../../../src/store/failed-messages.js';
import { createSeal } from '../../../src/store/sealing.js';
import { encodeStatus } from '../../helpers/queued-message.js';
import { waitFor } from '../../helpers/wait-for.js';
import { queueKit } from './queue-kit.js';

const NOBODY = '019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10';
const kit = queueKit();
beforeEach(() => kit.empty());

let told: StatusChange[] = [];
const options = (change: Partial<ResendOptions> = {}): ResendOptions => {
  told = [];
  return {
    database: kit.store.database,
    seal: kit.seal,
    encode: (facts, one) => {
      told.push(one);
      return encodeStatus(facts, one);
    },
    templateVersion: () => 7,
    isActive: () => true,
    ...change,
  };
};

it.each(['email', 'sms'] as const)('sends a failed %s again as a new notification', async (channel) => {
  const id = await kit.failed({ channel }, { possibleDuplicate: true });
  const [held] = await kit.queue();

  const resent = await resend(id, options());
  const as = resent.kind === 'resent' ? resent.as : '';
  expect(as).toMatch(/^[0-9a-f-]{36}$/);
  expect(as).not.toBe(id);
  expect(await kit.log(channel)).toMatchObject([
    {
      notification_id: id,
      last_status: 'FAILED',
      reason: 'bad_address',
      sequence: 2,
      resend: 0,
      template_version: 1,
    },
    {
      ...{
        notification_id: as,
        last_status: 'QUEUED',
        reason: null,
        sequence: 1,
        resend: 1,
        template_version: 7,
      },
      possible_duplicate: true,
    },
  ]);
  expect(told).toMatchObject([{ status: 'QUEUED', sequence: 1, possibleDuplicate: true, settled: false }]);
  expect(await kit.published()).toEqual([id, id, as]);

  const [row, ...others] = await kit.queue();
  expect(others).toEqual([]);
  expect(row).toMatchObject({ notification_id: as, due: true, attempt: 0, possible_duplicate: true });
  expect(row?.expires_at).toEqual(held?.expires_at);
  const payload = decodePayload(kit.seal.open(row?.sealed ?? Buffer.alloc(0), payloadSealedFor(as)));
  expect(payload).toMatchObject({ name: 'Jane', context: { code: '482913' }, secrets: ['482913'] });
});

it('sends again what failed again, and leaves what it replaced', async () => {
  const first = await kit.failed();
  const second = await resend(first, options());
  const id = second.kind === 'resent' ? second.as : '';
  expect(await resend(first, options())).toEqual({ kind: 'resent before', as: id });
  await kit.record(id, { status: 'FAILED', reason: 'policy_refused', next: { kind: 'held' } });
  expect(await resend(id, options())).toMatchObject({ kind: 'resent' });
  expect((await kit.log()).map(({ resend: count }) => count)).toEqual([0, 1, 2]);
});

it('sends once what two ask for at once', async () => {
  const id = await kit.failed();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const holding = inTransaction(kit.store.database, async (tx) => {
    await tx.run('SELECT 1 FROM communications_delivery WHERE notification_id = $1 FOR UPDATE', [id]);
    await released;
  });
  const asked = Promise.all([resend(id, options()), resend(id, options())]);
  await waitFor(async () => (await kit.waitingForLocks()) === 2, { what: 'both to wait for the row' });
  release();
  await holding;
  const kinds = (await asked).map(({ kind }) => kind);
  expect(kinds.sort()).toEqual(['resent', 'resent before']);
  expect(await kit.log()).toHaveLength(2);
  expect(await kit.queue()).toHaveLength(1);
});

it('leaves nothing behind of a dry run', async () => {
  const id = await kit.failed();
  const before = { log: await kit.log(), queue: await kit.queue(), published: await kit.published() };
  expect(await resend(id, options(), { dryRun: true })).toMatchObject({ kind: 'resent' });
  expect({ log: await kit.log(), queue: await kit.queue(), published: await kit.published() }).toEqual(
    before,
  );
});

it('says why something can not be sent again, and leaves it', async () => {
  const queued = await kit.queued();
  const held = await kit.queued({ notBefore: 'held' });
  const sent = await kit.queued();
  await kit.record(sent, { status: 'SENT' });
  const cancelled = await kit.queued();
  await kit.record(cancelled, { status: 'CANCELLED', reason: 'cancelled' });
  const late = await kit.queued();
  await kit.record(late, { status: 'FAILED', reason: 'expired' });
  const forgotten = await kit.failed();
  await kit.store.database.run('DELETE FROM communications_delivery WHERE notification_id = $1', [forgotten]);
  const expiring = await kit.failed();
  await kit.store.database.run(
    `UPDATE communications_delivery SET expires_at = now() - interval '1 second' WHERE notification_id = $1`,
    [expiring],
  );
  const log = await kit.log();

  expect(await resend(queued, options())).toEqual({ kind: 'on its way' });
  expect(await resend(held, options())).toEqual({ kind: 'held' });
  expect(await resend(sent, options())).toEqual({ kind: 'sent', status: 'SENT' });
  expect(await resend(cancelled, options())).toEqual({ kind: 'never kept', status: 'CANCELLED' });
  expect(await resend(late, options())).toEqual({ kind: 'expired' });
  expect(await resend(forgotten, options())).toEqual({ kind: 'forgotten' });
  expect(await resend(expiring, options())).toEqual({ kind: 'expired' });
  expect(await resend(NOBODY, options())).toEqual({ kind: 'not found' });
  expect(await kit.log()).toEqual(log);
});

it('keeps what it can not open, for the day on which the key is back', async () => {
  const id = await kit.failed();
  const otherKeys = createSeal([{ id: 'k2', key: Buffer.alloc(32, 7) }]);
  expect(await resend(id, options({ seal: otherKeys }))).toMatchObject({
    kind: 'locked',
    why: expect.stringContaining('k1'),
  });
  const tampered = createSeal([{ id: 'k1', key: Buffer.alloc(32, 7) }]);
  expect(await resend(id, options({ seal: tampered }))).toMatchObject({ kind: 'locked' });
  expect(await resend(id, options())).toMatchObject({ kind: 'resent' });
});

it('brings nobody back into the logs who is gone', async () => {
  const id = await kit.failed();
  await kit.store.database.run(
    'UPDATE communications_email_log SET recipient_id = 12 WHERE notification_id = $1',
    [id],
  );
  await applyProfiles(kit.store.database, [{ userId: 12, deletedAt: new Date() }]);
  expect(await resend(id, options())).toEqual({ kind: 'departed' });
});

it('finds what failed for one reason, of one rule', async () => {
  const one = await kit.failed();
  const text = await kit.failed({ channel: 'sms' });
  await kit.failed({}, { reason: 'policy_refused' });
  await kit.queued();
  const bad = (rule?: string) =>
    failedMessages(kit.store.database, { reason: 'bad_address', ...(rule !== undefined && { rule }) });
  expect(await bad()).toEqual([one, text]);
  expect(await bad('auth/verification-code')).toEqual([one, text]);
  expect(await bad('auth/invitation')).toEqual([]);
});

it('leaves a message whose template is switched off: refused, its content would be gone', async () => {
  const id = await kit.failed();
  const off = options({ isActive: (template) => template !== 'auth_otp' });
  expect(await resend(id, off)).toEqual({ kind: 'switched off', template: 'auth_otp' });
  expect((await resend(id, options())).kind).toBe('resent');
});
