import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDigester } from '../../../src/store/keyed-hash.js';
import { keysInUse } from '../../../src/store/keys-in-use.js';
import { createSeal } from '../../../src/store/sealing.js';
import { otp } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

const retired = { id: 'retired', key: Buffer.alloc(32, 3) };

it('finds the key that only the oldest of many rows need', async () => {
  expect(await keysInUse(kit.database)).toEqual({ sealed: [], hashed: [] });
  const garbage = () => kit.record(Buffer.from('{}'));
  const event = () => kit.record(kit.bakery.publisher.encode('otp.requested', otp()));
  await kit.takeIn([garbage()], { seal: createSeal([retired]) });
  await kit.takeIn([event()], { digester: createDigester([retired]) });
  await kit.takeIn(Array.from({ length: 1_000 }, (_, n) => (n % 2 === 0 ? garbage() : event())));
  await kit.takeIn(Array.from({ length: 1_000 }, (_, n) => (n % 2 === 0 ? garbage() : event())));
  expect(await keysInUse(kit.database)).toEqual({ sealed: ['k1', 'retired'], hashed: ['k1', 'retired'] });
});
