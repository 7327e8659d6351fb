import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BusRecord } from '../../../src/bus/record.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import { createDecoder } from '../../../src/contracts/decoder.js';
import { encodeBody, frame } from '../../../src/contracts/encode.js';
import { DEAD_LETTER_REASONS } from '../../../src/domain/reason.js';
import type { Events } from '../../../src/generated/events.js';
import { buildDeadLetter } from '../../../src/intake/dead-letter.js';
import { readRecords } from '../../../src/intake/read-records.js';
import { createSeal } from '../../../src/store/sealing.js';
import { cases } from '../../helpers/cases.js';
import { mutatedBytes } from '../../helpers/mutated-bytes.js';
import { otp } from '../../helpers/sample-events.js';

const contracts = loadContracts('schemas');
const decoder = createDecoder<Events>({
  contracts,
  registry: { schemaById: async () => ({ type: 'AVRO', text: contracts.of('otp.requested').schema }) },
  now: () => new Date(),
});
const seal = createSeal([{ id: 'k1', key: Buffer.alloc(32, 1) }]);
const good = frame(1, encodeBody(contracts.of('otp.requested'), otp()));
const DAY_MS = 86_400_000;

beforeAll(() => decoder.learn(good));

const bytes = (text: string) => Buffer.from(text);
const anyBytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array));
const headerValue = fc.oneof(
  anyBytes,
  fc.string({ unit: 'binary' }).map(bytes),
  fc
    .constantFrom('', '\0', '2026-02-30T25:61:61Z', '+275760-09-13T00:00:00Z', '9999-12-31T23:59:60+23:59')
    .map(bytes),
  fc.date({ noInvalidDate: true }).map((date) => bytes(date.toISOString())),
  fc.stringMatching(/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,12})?([Zz]|[+-]\d\d:\d\d)$/).map(bytes),
  fc.stringMatching(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/).map(bytes),
);
const headerName = fc.oneof(
  fc.constantFrom('ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_subject', 'traceparent', 'content-type'),
  fc.constantFrom('__proto__', 'constructor', 'toString', ''),
  fc.string(),
);
const anyRecord: fc.Arbitrary<BusRecord> = fc.record({
  topic: fc.constantFrom('t.otp.requested', 't.profile.updated', 't.order.created', 't.', 't.no.such', 'x'),
  partition: fc.nat(2 ** 31 - 1),
  offset: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  timestamp: fc.oneof(fc.integer(), fc.constantFrom(-1, 0, -(2 ** 63), 2 ** 63, Date.now())),
  key: fc.option(
    fc.oneof(
      anyBytes,
      fc.integer().map((id) => bytes(String(id))),
    ),
  ),
  value: fc.option(
    fc.oneof({ weight: 3, arbitrary: mutatedBytes(good) }, { weight: 1, arbitrary: fc.constant(good) }),
  ),
  headers: fc.dictionary(headerName, headerValue, { noNullPrototype: true }),
});

describe('a record of any bytes, under any headers', () => {
  it('is an event, a departure, or bad for a reason of ours; and says who it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecord, async (record) => {
        const { incoming, interrupted } = await readRecords([record], {
          contracts,
          decoder,
          topicPrefix: 't.',
        });
        expect(interrupted).toBeNull();
        const [one] = incoming;
        if (one === undefined) throw new Error('nothing came of the record');
        const { identity } = one;
        expect(identity.source).not.toBe('');
        expect(identity.id).not.toBe('');
        expect(identity.time.getTime()).toBeLessThanOrEqual(Date.now() + DAY_MS);
        // As a column and a header take it.
        expect(identity.time.toISOString()).toMatch(/^\d{4}-/);
        expect(identity.traceparent ?? '').toMatch(/^[0-9a-f-]*$/);
        if (one.kind === 'bad') expect(DEAD_LETTER_REASONS).toContain(one.reason);
        // The same record is the same event, whenever it is read.
        const again = await readRecords([record], { contracts, decoder, topicPrefix: 't.' });
        expect(again.incoming[0]?.identity).toMatchObject({ source: identity.source, id: identity.id });
      }),
      cases(),
    );
  });

  it('can be kept as a dead letter that no column refuses and that shows nothing of its value', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecord, async (record) => {
        const { incoming } = await readRecords([record], { contracts, decoder, topicPrefix: 't.' });
        const [one] = incoming;
        if (one === undefined) throw new Error('nothing came of the record');
        const fault = { reason: 'undecodable' as const, detail: 'for a test', rule: '' };
        const { row, message } = buildDeadLetter(one, fault, seal);
        for (const text of [row.eventType, row.source, row.eventId, ...Object.values(row.headers)]) {
          expect((text ?? '').length).toBeLessThanOrEqual(255);
          expect(text ?? '').not.toMatch(/\p{Cc}/u);
          expect((text ?? '').isWellFormed()).toBe(true);
        }
        expect(row.recordTime.toISOString()).toMatch(/^\d{4}-/);
        if (record.value !== null && record.value.length > 8)
          expect(message.value.includes(record.value)).toBe(false);
      }),
      cases(),
    );
  });
});
