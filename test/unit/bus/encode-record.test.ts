import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { encodeRecord } from '../../../src/bus/encode-record.js';
import { tightRecords } from '../../../src/bus/tight-records.js';

const encoded = z.object({ buffer: z.instanceof(Buffer) });
const kafkajsEncode = z
  .function({ input: [z.unknown()], output: encoded })
  .parse(createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/record/v0/index.js'));

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((list) => Buffer.from(list)),
  fc.string({ unit: 'binary', maxLength: 100 }),
);
const record = fc.record({
  offsetDelta: fc.nat(100_000),
  timestampDelta: fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 45), max: 2 ** 45 })),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(fc.string({ maxLength: 40 }), fc.oneof(bytes, fc.array(bytes, { maxLength: 3 })), {
    noNullPrototype: true,
  }),
});

it('writes a record byte for byte as kafkajs does', () => {
  fc.assert(
    fc.property(record, (fields) => {
      expect(encodeRecord(fields).buffer.toString('hex')).toBe(kafkajsEncode(fields).buffer.toString('hex'));
    }),
    { numRuns: 500 },
  );
});

it('writes what is left out as kafkajs does', () => {
  const fields = { value: Buffer.from('one') };
  expect(encodeRecord(fields).buffer).toEqual(kafkajsEncode(fields).buffer);
});

it('is what kafkajs finds once it is told', () => {
  tightRecords();
  expect(createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/record/v0/index.js')).toBe(
    encodeRecord,
  );
});
