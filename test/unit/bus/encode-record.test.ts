import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { encodeRecord } from '../../../src/bus/encode-record.js';
import { tightRecords } from '../../../src/bus/tight-records.js';

const encoded = z.object({ buffer: z.instanceof(Buffer) });
const kafkajsEncode = z
  .function({ input: [z.unknown()], output: encoded })
  .parse(createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/record/v0/index.js'));

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((list) => Buffer.from(list)),
  // As long as statuses and dead letters are, so that lengths take two and three bytes.
  fc.integer({ min: 60, max: 70_000 }).map((length) => Buffer.alloc(length, 'x')),
  fc.string({ unit: 'binary', maxLength: 100 }),
);
const record = fc.record({
  offsetDelta: fc.nat(100_000),
  timestampDelta: fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 45), max: 2 ** 45 })),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.oneof(bytes, fc.array(bytes, { maxLength: 3 })),
    {
      noNullPrototype: true,
    },
  ),
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

it('is what kafkajs makes its requests with once it is told', async () => {
  const at = 'kafkajs/src/protocol/requests/produce/v3/request.js';
  const request = { acks: -1, timeout: 1, topicData: [{ topic: 't', partitions: [PARTITION] }] };
  const asIs = await produceRequest(createRequire(import.meta.url)(at), request);
  const asked = vi.spyOn(Buffer, 'allocUnsafe');
  tightRecords();
  // Bound when it is loaded.
  const require = createRequire(import.meta.url);
  delete require.cache[require.resolve(at)];
  const tight = await produceRequest(require(at), request);
  expect(tight).toEqual(asIs);
  expect(asked).toHaveBeenCalledTimes(PARTITION.messages.length);
});

const PARTITION = {
  partition: 0,
  messages: ['one', 'two'].map((text) => ({
    key: Buffer.from(text),
    value: Buffer.from(text),
    headers: { ce_id: Buffer.from(text) },
    timestamp: 1_790_000_000_000,
  })),
};

const requestShape = z.object({ encode: z.function({ input: [], output: z.promise(encoded) }) });

async function produceRequest(make: unknown, fields: object): Promise<string> {
  const { encode } = requestShape.parse(
    z.function({ input: [z.unknown()], output: z.unknown() }).parse(make)(fields),
  );
  return (await encode()).buffer.toString('hex');
}
