import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { findDeadLetters } from '../../../src/cli/dead-letters/find-dead-letters.js';
import { retryDeadLetter } from '../../../src/intake/retry-dead-letter.js';
import { otp } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

const DAY_MS = 86_400_000;
const encoded = () => kit.bakery.publisher.encode('otp.requested', otp());
const noCeTime = { ce_time: '' };
const lettersAt = async (offset: bigint) =>
  (await findDeadLetters(kit.database, {})).filter((letter) => letter.offset === Number(offset));

const times = z.object({ event_time: z.date(), expires_at: z.date() });
const timesOf = (id: string) =>
  kit.database.rows(
    `SELECT i.event_time, d.expires_at FROM communications_inbox i
       JOIN communications_delivery d ON d.event_ref = i.id WHERE i.event_id = $1`,
    [id],
    times,
  );

it.each([-9_000_000_000_000_000, -1, 9_000_000_000_000_000, 2 ** 63])(
  'takes good and bad records of the Kafka timestamp %d as any other',
  async (timestamp) => {
    const id = `good@${timestamp}`;
    const good = kit.record(encoded(), { id, timestamp, headers: noCeTime });
    const bad = kit.record(Buffer.from('{}'), { timestamp, headers: noCeTime });
    await kit.takeIn([good, bad]);
    const [row] = await timesOf(id);
    expect(row?.event_time.getTime()).toBeGreaterThanOrEqual(0);
    expect(row?.event_time.getTime()).toBeLessThanOrEqual(Date.now() + DAY_MS);
    expect(await lettersAt(bad.offset)).toMatchObject([{ reason: 'undecodable' }]);
  },
);

it('leaves a dead letter even where the table refuses what an event says of itself', async () => {
  await kit.database.run(
    "ALTER TABLE communications_dead_letter ADD CHECK (source IS NULL OR source <> '/refused')",
  );
  const bad = kit.record(Buffer.from('{}'), { headers: { ce_source: '/refused' } });
  const good = kit.record(encoded());
  await kit.takeIn([bad, good]);
  const [letter] = await lettersAt(bad.offset);
  expect(letter).toMatchObject({ reason: 'unstorable', source: null, eventId: null, headers: {} });
  expect(await retryDeadLetter(letter?.id ?? '', kit.options)).toMatchObject({ reason: 'undecodable' });
});

it('keeps the dead letters of a topic that was made anew beside the old ones', async () => {
  const first = kit.record(Buffer.from('{}'));
  await kit.takeIn([first]);
  await kit.takeIn([first]);
  expect(await lettersAt(first.offset)).toHaveLength(1);
  await kit.takeIn([{ ...first, timestamp: first.timestamp + 1 }]);
  expect(await lettersAt(first.offset)).toHaveLength(2);
});

it('retries an event without id under the very identity it had, whatever its timestamp', async () => {
  const record = kit.record(encoded(), { timestamp: -9_000_000_000_000_000, headers: { ce_id: '' } });
  await kit.takeIn([record], { ruleBook: kit.ruleBookOf() });
  const [letter] = await lettersAt(record.offset);
  await retryDeadLetter(letter?.id ?? '', kit.options);
  expect(await timesOf(`otp.requested/0/${record.offset}@-9000000000000000`)).toHaveLength(1);
});
