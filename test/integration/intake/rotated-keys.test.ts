import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDeadLetters } from '../../../src/cli/dead-letters/find-dead-letters.js';
import { retryDeadLetter } from '../../../src/intake/retry-dead-letter.js';
import { createDigester } from '../../../src/store/keyed-hash.js';
import { otp } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

const [k1, k2, k3] = [1, 2, 3].map((byte) => ({ id: `k${byte}`, key: Buffer.alloc(32, byte) }));
const keysOf = (...keys: (typeof k1)[]) => ({
  digester: createDigester(keys.filter((key) => key !== undefined)),
});
const encoded = (code: string) => kit.bakery.publisher.encode('otp.requested', otp({ code }));
const conflicts = () => findDeadLetters(kit.database, { reason: 'event_id_conflict' });

it('takes an event whose first coming was hashed with a key that is gone for a duplicate, and says so', async () => {
  const value = encoded('111111');
  const first = kit.record(value, { id: 'seen-under-k2' });
  const again = kit.record(value, { id: 'seen-under-k2' });
  const other = kit.record(encoded('222222'), { id: 'after-it' });
  await kit.takeIn([first], keysOf(k2));
  await kit.takeIn([again, other], keysOf(k3, k1));
  expect(await conflicts()).toEqual([]);
  const told = kit.logs.filter((line) => line.includes('could not be compared'));
  expect(told.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'warn', topic: again.topic, partition: 0, offset: again.offset.toString() },
  ]);
});

it('keeps a conflict open whose other side can not be compared any more', async () => {
  await kit.takeIn([kit.record(encoded('111111'), { id: 'conflicting' })], keysOf(k2));
  await kit.takeIn([kit.record(encoded('222222'), { id: 'conflicting' })], keysOf(k2));
  const [conflict] = await conflicts();
  expect(await retryDeadLetter(conflict?.id ?? '', { ...kit.options, ...keysOf(k3) })).toMatchObject({
    kind: 'failed',
    reason: 'event_id_conflict',
  });
});

it('finds conflicts between instances of which one knows the new key already', async () => {
  const before = (await conflicts()).length;
  await kit.takeIn([kit.record(encoded('111111'), { id: 'rolling' })], keysOf(k2, k1));
  await kit.takeIn([kit.record(encoded('222222'), { id: 'rolling' })], keysOf(k1));
  expect(await conflicts()).toHaveLength(before + 1);
});
