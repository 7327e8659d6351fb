import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BusRecord } from '../../../src/bus/record.js';
import { findDeadLetters } from '../../../src/cli/dead-letters/find-dead-letters.js';
import { createDecoder } from '../../../src/contracts/decoder.js';
import type { Events } from '../../../src/generated/events.js';
import { otp } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

const GRACE_MS = 60_000;
let nextId = 900_000;

function unknownlyWritten(timestamp = Date.now()): BusRecord {
  const value = kit.bakery.publisher.encode('otp.requested', otp());
  value.writeInt32BE(nextId++, 1);
  return kit.record(value, { timestamp });
}
const goodOne = () => kit.record(kit.bakery.publisher.encode('otp.requested', otp()));

/** Reads them as a partition is read, over the real registry. @returns how long it waited, in milliseconds */
async function waitedFor(records: readonly BusRecord[], chunk: number): Promise<number> {
  let now = Date.now();
  const decoder = createDecoder<Events>({
    contracts: kit.options.contracts,
    registry: kit.bakery.registry,
    now: () => new Date(now),
    unknownGraceMs: GRACE_MS,
  });
  const handle = kit.intake({ decoder });
  const start = now;
  for (let next = 0; next < records.length; ) {
    const read = records.slice(next, next + chunk);
    const result = await handle(read);
    next += result.kind === 'stored' ? read.length : (result.stored ?? 0);
    if (result.kind === 'wait') now += result.ms;
  }
  return now - start;
}

const unknownSchemas = async () => (await findDeadLetters(kit.database, { reason: 'unknown_schema' })).length;

it('waits one minute, not five, before a good event behind five unknown schemas', async () => {
  // Written by a clock that is ahead, so that their age says nothing.
  const ahead = Date.now() + 3_600_000;
  const records = [...Array.from({ length: 5 }, () => unknownlyWritten(ahead)), goodOne()];
  expect(await waitedFor(records, 500)).toBeLessThan(GRACE_MS + 5_000);
  expect(await unknownSchemas()).toBe(5);
});

it('waits one minute in all for garbage over many chunks', async () => {
  const before = await unknownSchemas();
  const records = [...Array.from({ length: 30 }, () => unknownlyWritten()), goodOne()];
  expect(await waitedFor(records, 3)).toBeLessThan(GRACE_MS + 5_000);
  expect(await unknownSchemas()).toBe(before + 30);
});
