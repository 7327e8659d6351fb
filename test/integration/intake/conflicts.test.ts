import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDeadLetters } from '../../../src/cli/dead-letters/find-dead-letters.js';
import { otp } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

it('are told from what is on record, whatever else came in the same chunk', async () => {
  const [mine, other] = ['111111', '222222'].map((code) =>
    kit.bakery.publisher.encode('otp.requested', otp({ code })),
  );
  const arrival = (value: Buffer | undefined) => kit.record(value ?? null, { id: 'seen-before' });
  await kit.takeIn([arrival(mine)]);
  // The first of this chunk is no yardstick for those behind it.
  const chunk = [other, mine, other, mine].map(arrival);
  await kit.takeIn(chunk);
  const letters = await findDeadLetters(kit.database, { reason: 'event_id_conflict' });
  expect(letters.map(({ offset }) => BigInt(offset)).sort()).toEqual(
    [chunk[0], chunk[2]].map((record) => record?.offset),
  );
});
