import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { heldMessages } from '../../../src/store/held-messages.js';
import { history } from '../../../src/store/history.js';
import { releaseHeld } from '../../../src/store/release-held.js';
import { queueKit } from '../delivery/queue-kit.js';

const RULE = 'auth/verification-code';
const kit = queueKit();
beforeEach(() => kit.empty());

const held = async (recipient: string, channel: 'email' | 'sms' = 'email') => {
  const id = await kit.queued({ recipient, channel, notBefore: 'held' });
  await kit.store.database.run(
    `UPDATE communications_${channel}_log SET reason = 'held' WHERE notification_id = $1`,
    [id],
  );
  return id;
};
const place = z.object({ notification_id: z.string(), seconds: z.number() });
/** What is no longer held, in the order in which it falls due, and in how many seconds. */
const waiting = () =>
  kit.store.database.rows(
    `SELECT notification_id, round(extract(epoch FROM due_at - now())::numeric, 1)::float8 AS seconds
       FROM communications_delivery WHERE due_at < 'infinity' ORDER BY due_at`,
    [],
    place,
  );
const waitingIds = async () => (await waiting()).map(({ notification_id: id }) => id);

it('lets the oldest go on first, and tells nobody', async () => {
  const ids = [await held('a@example.com'), await held('+254712345678', 'sms'), await held('c@example.com')];
  const published = await kit.published();
  expect(await releaseHeld(kit.store.database, RULE, 2, 0)).toBe(2);
  expect(await waitingIds()).toEqual(ids.slice(0, 2));
  expect([await kit.log(), await kit.log('sms')].flat().map(({ reason }) => reason)).toEqual([
    null,
    'held',
    null,
  ]);
  expect(await heldMessages(kit.store.database)).toMatchObject([{ rule: RULE, messages: 1 }]);
  expect(await releaseHeld(kit.store.database, RULE, 500, 2)).toBe(1);
  expect(await releaseHeld(kit.store.database, RULE, 500, 3)).toBe(0);
  expect((await kit.queue()).map(({ attempt }) => attempt)).toEqual([0, 0, 0]);
  expect(await kit.published()).toEqual(published);
});

it('leaves what failed, what has expired, and other rules', async () => {
  const failed = await kit.failed();
  const late = await held('late@example.com');
  const other = await held('other@example.com');
  await kit.store.database.run(
    `UPDATE communications_delivery SET expires_at = now() - interval '1 second' WHERE notification_id = $1`,
    [late],
  );
  await kit.store.database.run(
    `UPDATE communications_delivery SET rule = 'auth/other' WHERE notification_id = $1`,
    [other],
  );
  expect(await releaseHeld(kit.store.database, RULE, 500, 0)).toBe(0);
  expect(await waitingIds()).toEqual([]);
  const rows = await kit.store.database.rows(
    'SELECT reason FROM communications_email_log WHERE notification_id = $1',
    [failed],
    z.object({ reason: z.string() }),
  );
  expect(rows).toEqual([{ reason: 'bad_address' }]);
});

it('lets them fall due one after the other, so that what is asked for meanwhile goes between them', async () => {
  for (let count = 0; count < 25; count++) await held(`p${count}@example.com`);
  await releaseHeld(kit.store.database, RULE, 20, 0);
  await releaseHeld(kit.store.database, RULE, 5, 20);
  const seconds = (await waiting()).map((one) => one.seconds);
  expect(seconds).toHaveLength(25);
  expect((seconds.at(-1) ?? 0) - (seconds[0] ?? 0)).toBeGreaterThanOrEqual(1);
  expect((await waiting()).map((one) => one.notification_id)).toEqual(
    (await kit.queue()).map((one) => one.notification_id),
  );
});

it('is a step in the story of what was released', async () => {
  const id = await held('a@example.com');
  await releaseHeld(kit.store.database, RULE, 1, 0);
  const [row] = await kit.store.database.rows(
    'SELECT history FROM communications_email_log WHERE notification_id = $1',
    [id],
    z.object({ history }),
  );
  expect(row?.history).toMatchObject([{ status: 'QUEUED', seq: 1, answer: 'released by an operator' }]);
});
