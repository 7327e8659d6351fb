import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { markDates } from '../../../src/domain/payload.js';
import { decodeParked, type ParkedIntent, parkedSealedFor } from '../../../src/intake/intent.js';
import { createWaking } from '../../../src/intake/wake-parked.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { createSeal, type Seal } from '../../../src/store/sealing.js';
import { otp, profile } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

const logs: string[] = [];
beforeEach(() => void logs.splice(0));

const otherKeys = createSeal([{ id: 'gone', key: Buffer.alloc(32, 9) }]);
const waking = () =>
  createWaking({
    ...kit.options,
    metrics: createMetrics(),
    log: createLog({
      level: 'info',
      instance: 'test',
      version: 'test',
      destination: { write: (line) => void logs.push(line) },
    }),
  });

let nextUser = 7_000;
/** Something that waits for a person of its own. @returns the user id */
async function park(times = 1, seal: Seal = kit.options.seal): Promise<number> {
  const userId = nextUser++;
  const value = kit.bakery.publisher.encode('otp.requested', otp({ user: { user_id: userId, email: null } }));
  await kit.takeIn(
    Array.from({ length: times }, () => kit.record(value)),
    { seal },
  );
  return userId;
}

const arrive = (userId: number) =>
  kit.takeIn([
    kit.record(kit.bakery.publisher.encode('profile.updated', profile({ user_id: userId })), {
      event: 'profile.updated',
    }),
  ]);

const count = z.object({ n: z.number() });
async function messagesTo(userId: number): Promise<number> {
  const sql = 'SELECT count(*)::integer AS n FROM communications_email_log WHERE recipient_id = $1';
  const [row] = await kit.database.rows(sql, [userId], count);
  return row?.n ?? -1;
}

async function change(userId: number, by: (kept: ParkedIntent) => object): Promise<void> {
  const waiting = z.object({ id: z.string(), sealed: z.instanceof(Buffer) });
  const rows = await kit.database.rows(
    'SELECT id, sealed FROM communications_parked WHERE wait_for = $1',
    [`user:${userId}`],
    waiting,
  );
  for (const { id, sealed } of rows) {
    const aad = parkedSealedFor(id);
    const changed = Buffer.from(
      JSON.stringify(markDates(by(decodeParked(kit.options.seal.open(sealed, aad))))),
    );
    await kit.database.run('UPDATE communications_parked SET sealed = $2 WHERE id = $1', [
      id,
      kit.options.seal.seal(changed, aad),
    ]);
  }
}

it('wakes others although a hundred before them do not open, and says once which key is missing', async () => {
  const locked = await park(100, otherKeys);
  const open = await park();
  await arrive(locked);
  await arrive(open);
  const wake = waking();
  await wake();
  await wake();
  expect(await messagesTo(open)).toBe(1);
  await wake();
  expect(await messagesTo(locked)).toBe(0);
  expect(logs.filter((line) => line.includes('can not be opened'))).toHaveLength(1);
  const [row] = await kit.database.rows(
    'SELECT count(*)::integer AS n FROM communications_parked WHERE wait_for = $1',
    [`user:${locked}`],
    count,
  );
  expect(row?.n, 'they wait until their key is back').toBe(100);
});

it('skips what can not be made into a message any more, and wakes the others', async () => {
  const templateGone = await park();
  const open = await park();
  await change(templateGone, (kept) => ({ ...kept, intent: { ...kept.intent, template: 'auth/gone' } }));
  await arrive(templateGone);
  await arrive(open);
  const wake = waking();
  await wake();
  await wake();
  expect(await messagesTo(open)).toBe(1);
  const skips = await kit.database.rows(
    "SELECT count(*)::integer AS n FROM communications_skip WHERE reason = 'render_error'",
    [],
    count,
  );
  expect(skips).toEqual([{ n: 1 }]);
});

it('leaves out what the database refuses, and wakes the others', async () => {
  const refused = await park();
  const open = [await park(), await park(), await park()];
  await change(refused, (kept) => ({ ...kept, intent: { ...kept.intent, rule: `auth/${'r'.repeat(100)}` } }));
  for (const userId of [refused, ...open]) await arrive(userId);
  const wake = waking();
  for (let round = 0; round < 6; round++) await wake();
  expect(await Promise.all(open.map(messagesTo))).toEqual([1, 1, 1]);
  expect(logs.filter((line) => line.includes('can not be woken'))).toHaveLength(1);
});

it('wakes what a build parked that knew of no earliest time and no other channel', async () => {
  const userId = await park();
  await change(userId, ({ intent: { notBefore: _time, channels: _channels, ...intent }, ...kept }) => ({
    ...kept,
    intent,
  }));
  await arrive(userId);
  const wake = waking();
  // Behind those of the tests above.
  for (let round = 0; round < 6; round++) await wake();
  expect(await messagesTo(userId)).toBe(1);
});
