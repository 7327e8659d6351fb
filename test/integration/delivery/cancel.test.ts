import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cancelMessages, cancelRule } from '../../../src/delivery/cancel.js';
import { inTransaction } from '../../../src/store/database.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { encodeStatus, queuedMessage } from '../../helpers/queued-message.js';
import { waitFor } from '../../helpers/wait-for.js';
import { queueKit } from './queue-kit.js';

const NOBODY = '019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10';
const RULE = 'auth/verification-code';
const kit = queueKit();
beforeEach(() => kit.empty());

const how = (dryRun = false) => ({
  database: kit.store.database,
  encode: encodeStatus,
  note: 'a test',
  dryRun,
});
const statuses = async () =>
  new Map(
    (await kit.log()).map((row) => [row.notification_id, `${row.last_status} ${row.reason ?? ''}`.trim()]),
  );

it('takes back what waits, and says what it leaves', async () => {
  const queued = await kit.queued();
  const held = await kit.queued({ notBefore: 'held' });
  const retrying = await kit.queued();
  await kit.record(retrying, {
    status: 'RETRYING',
    reason: 'unreachable',
    next: { kind: 'again', delayMs: 60_000 },
  });
  const unconfirmed = await kit.queued();
  await kit.record(unconfirmed, {
    ...{ status: 'UNCONFIRMED', reason: 'outcome_unknown', possibleDuplicate: true },
    next: { kind: 'again', delayMs: 60_000 },
  });
  const claimed = await kit.queued();
  await kit.claim(claimed);
  const failed = await kit.failed();
  const all = [queued, held, retrying, unconfirmed, claimed, failed, NOBODY];

  const before = await kit.log();
  const foretold = await cancelMessages(all, how(true));
  expect(await kit.log(), 'a dry run leaves everything').toEqual(before);
  const published = (await kit.published()).length;

  const cancelled = await cancelMessages(all, how());
  expect(cancelled).toEqual(foretold);
  expect([...cancelled.values()]).toEqual([
    ...Array.from({ length: 4 }, () => ({ kind: 'cancelled' })),
    { kind: 'on the wire' },
    { kind: 'settled', status: 'FAILED' },
    { kind: 'not found' },
  ]);
  const log = await kit.log();
  const of = (id: string) => log.find((row) => row.notification_id === id);
  expect(of(queued)).toMatchObject({
    last_status: 'CANCELLED',
    reason: 'cancelled',
    error_message: 'a test',
    sequence: 2,
  });
  expect(of(unconfirmed)).toMatchObject({ last_status: 'CANCELLED', possible_duplicate: true, sequence: 3 });
  expect(of(claimed)).toMatchObject({ last_status: 'QUEUED' });
  expect((await kit.queue()).map(({ notification_id: id }) => id)).toEqual([claimed, failed]);
  expect((await kit.published()).slice(published).sort()).toEqual(
    [queued, held, retrying, unconfirmed].sort(),
  );

  expect([...(await cancelMessages([queued], how())).values()]).toEqual([
    { kind: 'settled', status: 'CANCELLED' },
  ]);
});

it('leaves what is claimed while it asks', async () => {
  const id = await kit.queued();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const claiming = inTransaction(kit.store.database, async (tx) => {
    await tx.run(
      `UPDATE communications_delivery SET claimed_by = gen_random_uuid(), claimed_epoch = 1, claimed_at = now(),
         claim_id = gen_random_uuid() WHERE notification_id = $1`,
      [id],
    );
    await released;
  });
  const asked = cancelMessages([id], how());
  await waitFor(async () => (await kit.waitingForLocks()) > 0, { what: 'the cancelling to wait' });
  release();
  await claiming;
  expect([...(await asked).values()]).toEqual([{ kind: 'on the wire' }]);
  expect(await statuses()).toEqual(new Map([[id, 'QUEUED']]));
});

it('takes back a whole rule, however much it is, or only what the brake holds', async () => {
  const messages = Array.from({ length: 700 }, (_, n) =>
    queuedMessage({ seal: kit.seal, recipient: `p${n}@example.com`, notBefore: n < 600 ? 'held' : null }),
  );
  await insertNotifications(kit.store.database, messages);
  await kit.failed();
  const other = await kit.queued();
  await kit.store.database.run(
    `UPDATE communications_delivery SET rule = 'auth/other' WHERE notification_id = $1`,
    [other],
  );
  const claimed = messages[650]?.change.notificationId ?? '';
  await kit.claim(claimed);

  expect(await cancelRule({ rule: RULE, held: true }, how(true))).toEqual({ cancelled: 600, onTheWire: 0 });
  expect(await kit.queue()).toHaveLength(702);
  expect(await cancelRule({ rule: RULE, held: true }, how())).toEqual({ cancelled: 600, onTheWire: 0 });
  expect(await kit.queue()).toHaveLength(102);
  expect(await cancelRule({ rule: RULE, held: false }, how(true))).toEqual({ cancelled: 99, onTheWire: 1 });
  expect(await cancelRule({ rule: RULE, held: false }, how())).toEqual({ cancelled: 99, onTheWire: 1 });
  const left = (await kit.queue()).map(({ notification_id: id }) => id);
  expect(left).toHaveLength(3);
  expect(left).toEqual(expect.arrayContaining([claimed, other]));
  expect(await cancelRule({ rule: 'auth/nothing', held: false }, how())).toEqual({
    cancelled: 0,
    onTheWire: 0,
  });
});

describe('the slot of an event whose messages are all taken back', () => {
  beforeEach(() => kit.store.database.run('TRUNCATE communications_slot'));
  const slotOf = async (eventRef: number) => {
    await kit.store.database.run(
      `INSERT INTO communications_slot (rule, key, until, event_time, event_ref)
       VALUES ($1, convert_to('key ' || $2::bigint, 'UTF8'), now() + interval '4 hours', now(), $2)`,
      [RULE, eventRef],
    );
  };
  const slots = () =>
    kit.store.database.rows(
      'SELECT event_ref FROM communications_slot ORDER BY event_ref',
      [],
      z.object({ event_ref: z.number() }).transform(({ event_ref }) => event_ref),
    );
  const refOf = async (id: string) => {
    const [row] = await kit.store.database.rows(
      'SELECT event_ref FROM communications_email_log WHERE notification_id = $1',
      [id],
      z.object({ event_ref: z.number() }),
    );
    return row?.event_ref ?? 0;
  };

  it('is free again: the next event must not be collapsed into what nobody got', async () => {
    const [cancelled, kept] = [await kit.queued(), await kit.queued()];
    const refs = [await refOf(cancelled), await refOf(kept)];
    for (const ref of refs) await slotOf(ref);
    await cancelMessages([cancelled], how());
    expect(await slots()).toEqual(refs.slice(1));
  });

  it('stays where somebody has heard of it, or will', async () => {
    const sent = await kit.queued();
    const other = await kit.queued();
    await kit.store.database.run(
      `UPDATE communications_email_log SET event_ref = (SELECT event_ref FROM communications_email_log
         WHERE notification_id = $1), recipient_key = 'user:2' WHERE notification_id = $2`,
      [sent, other],
    );
    const ref = await refOf(sent);
    await slotOf(ref);
    await cancelMessages([other], how());
    expect(await slots()).toEqual([ref]);
  });

  it('goes with the roles that were waited for, so that nobody gets it later', async () => {
    const cancelled = await kit.queued();
    const ref = await refOf(cancelled);
    await slotOf(ref);
    await kit.store.database.run(
      `INSERT INTO communications_parked (id, event_ref, rule, wait_for, sealed, expires_at)
       SELECT gen_random_uuid(), $1, $2, wait_for, '', now() + interval '1 day'
         FROM unnest(ARRAY['role:ADMIN', 'role:DISPATCH']) AS w(wait_for)`,
      [ref, RULE],
    );
    await cancelMessages([cancelled], how());
    expect(await slots()).toEqual([]);
    const skips = await kit.store.database.rows(
      'SELECT recipient_key, reason FROM communications_skip WHERE event_ref = $1 ORDER BY recipient_key',
      [ref],
      z.object({ recipient_key: z.string(), reason: z.string() }),
    );
    expect(skips).toEqual([
      { recipient_key: 'role:ADMIN', reason: 'cancelled' },
      { recipient_key: 'role:DISPATCH', reason: 'cancelled' },
    ]);
  });
});
