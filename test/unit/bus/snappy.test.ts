import fc from 'fast-check';
import { compress } from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { compressSnappy, decompressSnappy } from '../../../src/bus/snappy.js';

const bytes = fc.uint8Array({ maxLength: 5_000 }).map((array) => Buffer.from(array));
const HEADER_BYTES = 16;

describe('snappy', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(bytes, (plain) => {
        expect(decompressSnappy(compressSnappy(plain))).toEqual(plain);
      }),
    );
  });

  it('reads bare blocks, as librdkafka may write them', () => {
    fc.assert(
      fc.property(bytes, (plain) => {
        expect(decompressSnappy(compress(plain))).toEqual(plain);
      }),
    );
  });

  it('joins the blocks of a stream, as Java writes anything over 32 KB', () => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 4 }), (parts) => {
        const streams = parts.map((part) => compressSnappy(part));
        const header = streams[0]?.subarray(0, HEADER_BYTES) ?? Buffer.alloc(0);
        const stream = Buffer.concat([header, ...streams.map((each) => each.subarray(HEADER_BYTES))]);
        expect(decompressSnappy(stream)).toEqual(Buffer.concat(parts));
      }),
    );
  });

  it('says so when a block is cut short', () => {
    const stream = compressSnappy(Buffer.from('chesanto'));
    expect(() => decompressSnappy(stream.subarray(0, -1))).toThrow(/cut short/);
  });
});
