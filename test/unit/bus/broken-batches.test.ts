import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import kafkajs, { CompressionTypes } from 'kafkajs';
import { compress } from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { registerCodecs } from '../../../src/bus/codecs.js';
import { compressSnappy } from '../../../src/bus/snappy.js';
import { MOST_UNPACKED_BYTES } from '../../../src/bus/unpack-limit.js';
import { cases } from '../../helpers/cases.js';
import { mutatedBytes } from '../../helpers/mutated-bytes.js';
import { processorMs } from '../../helpers/processor-ms.js';

const text = Buffer.from(Array.from({ length: 60 }, (_, n) => `${n} bread and rolls `).join(''));
/** Written by the zstd and lz4 of Debian: with and without checksums, and checksums of blocks; zstd's last one tells its size. */
const ZSTD = [
  'KLUv/QRY7QQA4sQNErA3B8AtBQo1pFtbklLKLTE6Ff///79t27bdtm3bkiRJktu2bSMTAqDc5epAyEh1ClPHEGkoEjsgsKPSAZ545zGeeOexnnjnMZ545zFPeOcxT3rnMU945zFPvOMxT7zrMU+84zFPvPMYT7zzWE+88xg9CcY7IB77zRNfvevhMd482dU7HR7LzROmGc1slvnMbJb5ZsZnsWYbBlFX3Ts=',
  'KLUv/QAAxAQAAoUOE7ClOYDpHWl+mEVrraWUckuMTgWGnFTK/3/btm27bdu2JUmSJLdt2zZGDEJwl6sAQoBUpiBlyEmlRjUgoKPSAZ5412OeeNdjnnjXY55412OeeNdjnnjXY55412OeeNdjnnjXY55412OeeNdjeBLMO+A89ssTn73r4TGePNnhnU4ey+EJkxlnNsv5ZjbL+WaGZrHmHwaFAAAwIDU1NTU1BlABAJ7neX4L',
  'KLUv/WBqA+0EAOLEDRKwNwfALQUKNaRbW5JSyi0xOhX///+/bdu23bZt25IkSZLbtm0jEwKg3OXqQMhIdQpTxxBpKBI7ILCj0gGeeOcxnnjnsZ545zGeeOcxT3jnMU965zFPeOcxT7zjMU+86zFPvOMxT7zzGE+881hPvPMYPQnGOyAe+80TX73r4THePNnVOx0ey80TphnNbJb5zGyW+WbGZ7FmGwY=',
].map((base64) => Buffer.from(base64, 'base64'));
const LZ4 = [
  'BCJNGGRApwUBAAD9BDAgYnJlYWQgYW5kIHJvbGxzIDESAB0yEgAdMxIAHTQSAB01EgAdNhIAHTcSAB04EgAdORIAHzG1AAAOtgAeMbcAHjG4AB4xuQAeMboAHjG7AB4xvAAeMb0AHjG+AB4yvgAeMr4AHjK+AB4yvgAeMr4AHjK+AB4yvgAeMr4AHjK+AB4yvgAeM74AHjO+AB4zvgAeM74AHjO+AB4zvgAeM74AHjO+AB4zvgAeM74AHjS+AB40vgAeNL4AHjS+AB40vgAeNL4AHjS+AB40vgAeNL4AHjS+AB41vgAeNb4AHjW+AB41vgAeNb4AHjW+AB41vgAeNb4AHjW+ABk1vgBQb2xscyAAAAAA5djD7g==',
  'BCJNGHRAvQUBAAD9BDAgYnJlYWQgYW5kIHJvbGxzIDESAB0yEgAdMxIAHTQSAB01EgAdNhIAHTcSAB04EgAdORIAHzG1AAAOtgAeMbcAHjG4AB4xuQAeMboAHjG7AB4xvAAeMb0AHjG+AB4yvgAeMr4AHjK+AB4yvgAeMr4AHjK+AB4yvgAeMr4AHjK+AB4yvgAeM74AHjO+AB4zvgAeM74AHjO+AB4zvgAeM74AHjO+AB4zvgAeM74AHjS+AB40vgAeNL4AHjS+AB40vgAeNL4AHjS+AB40vgAeNL4AHjS+AB41vgAeNb4AHjW+AB41vgAeNb4AHjW+AB41vgAeNb4AHjW+ABk1vgBQb2xscyBvqReAAAAAAOXYw+4=',
].map((base64) => Buffer.from(base64, 'base64'));
/** Found by changing bytes of the first one. */
const ENDLESS_ZSTD = [
  'KLUv/QRY7QQA4sQNEvA3B8AtBQo1pFtbklLKLTE6Ff///79t27bdtm3bkiRJktu2bSMTAqDc5epAyEh1ClPHEGkoEjsgsKPSAZ545zGeeOexnnjnMZ545zFPeOcxT3rnMU945zFPvOMxT7zrMU+84zFPvP8YT7zzWE+88xg9CcY7IB77zRNfvevhMd482dU7HR7LzROmGc1slvnMbJb5ZsZnsWYbRVFX3Ts=',
  'KLUv/QRY7QQA4sQNEvA3B8AtBQo1pFtbklLKLTE6Ff///79tALbdtm3bkiRJktu2bSMTAqDc5epAyEh1ClPHEGkoEjsgsKPSAZ545zGeeOexnnjnMZ545zFPeOcxT3rnMU945zFPvOMxT7zrMU+84zFPvPMYT7zzWE+88xg9CcY7IB77zRNfvevhMd4O2dU7HR7LzROmGc1slvnMbJb5ZsZnsWYbBlFX3TtIzJ9jAElt7a6TFw==',
].map((base64) => Buffer.from(base64, 'base64'));
const CODECS = [
  ['gzip', CompressionTypes.GZIP, [gzipSync(text)]],
  ['snappy', CompressionTypes.Snappy, [compressSnappy(text), compress(text)]],
  ['lz4', CompressionTypes.LZ4, LZ4],
  ['zstd', CompressionTypes.ZSTD, ZSTD],
] as const;

registerCodecs();

type Packing = (typeof CODECS)[number][1];

/** In memory of its own: without a batch's header before it, what can't be unpacked is an error. */
const unpack = (type: Packing, bytes: Buffer): Promise<Buffer> =>
  kafkajs.CompressionCodecs[type]().decompress(Buffer.from(Uint8Array.from(bytes).buffer));

/** What a batch takes while it is read, and what else such a process does meanwhile. */
const MOST_MORE_RESIDENT = 4 * MOST_UNPACKED_BYTES;

/** Memory of buffers, touched or not, and what the process has in all: WebAssembly's is counted nowhere else. */
async function expectLittleMemory(work: () => Promise<unknown>): Promise<void> {
  const before = process.memoryUsage();
  await work();
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 * MOST_UNPACKED_BYTES);
  expect(after.rss - before.rss).toBeLessThan(MOST_MORE_RESIDENT);
}

/** Of processor time: far more than any takes. */
const LONGEST_MS = 5_000;

describe.each(CODECS)('%s', (_name, type, samples) => {
  it('gives back what others packed', async () => {
    for (const sample of samples) expect(await unpack(type, sample)).toEqual(text);
  });

  it('of any bytes gives an error or something bounded, at once', async () => {
    await fc.assert(
      fc.asyncProperty(mutatedBytes(...samples), async (bytes) => {
        const started = processorMs();
        const result = await unpack(type, bytes).catch((error: unknown) => error);
        expect(processorMs() - started).toBeLessThan(LONGEST_MS);
        if (result instanceof Error) {
          // kafkajs takes a RangeError for the end of everything.
          expect(result).not.toBeInstanceOf(RangeError);
          return;
        }
        if (!Buffer.isBuffer(result)) throw new Error('neither bytes nor an error');
        expect(result.length).toBeLessThanOrEqual(MOST_UNPACKED_BYTES);
      }),
      cases(),
    );
  });
});

it('a snappy block whose literal claims 2^32 bytes ends', async () => {
  // Read as a length of -16 it went back to where it came from, for ever.
  const bytes = Buffer.from('40fcefffffff4142434445464748494a4b4c4d4e4f', 'hex');
  await expect(unpack(CompressionTypes.Snappy, bytes)).rejects.toThrow('broken');
});

/** Blocks of so many times the same byte, each. @param window as the frame's header has it */
const zstdOfRuns = (blocks: number, each: number, window = 0x68): Buffer =>
  Buffer.concat([
    Buffer.from('28b52ffd00', 'hex'),
    Buffer.from([window]),
    ...Array.from({ length: blocks }, () =>
      Buffer.from([((each << 3) & 0xff) | 2, each >> 5, each >> 13, 0x41]),
    ),
    Buffer.from([1, 0, 0]),
  ]);
const WINDOW_OF_A_GIB = 0xa0;

it.each(ENDLESS_ZSTD)(
  'a broken zstd frame that a reader may go round in for ever ends (%#)',
  async (frame) => {
    await expect(unpack(CompressionTypes.ZSTD, frame)).rejects.toThrow('broken');
  },
);

it('a zstd frame of many small blocks and of a large window takes neither long nor the memory of its window', async () => {
  const frame = zstdOfRuns(250_000, 1, WINDOW_OF_A_GIB);
  const started = processorMs();
  await expectLittleMemory(async () =>
    expect(await unpack(CompressionTypes.ZSTD, frame)).toEqual(Buffer.alloc(250_000, 'A')),
  );
  expect(processorMs() - started).toBeLessThan(LONGEST_MS);
});

it('zstd frames one after another are read, whatever is to be skipped among them', async () => {
  const skipped = Buffer.from('502a4d1803000000616263', 'hex');
  for (const first of ZSTD) {
    for (const second of ZSTD) {
      const frames = Buffer.concat([skipped, first, skipped, second, skipped]);
      expect((await unpack(CompressionTypes.ZSTD, frames)).toString()).toBe(`${text}${text}`);
    }
  }
});

it.each([
  ['nothing at all', ''],
  ['a frame of nothing', '28b52ffd2000010000'],
  ['what is to be skipped alone', '502a4d1803000000616263'],
  ['a frame that says it has a GiB, and has nothing', '28b52ffde00000004000000000010000'],
  ['a frame that says it has 2^62 bytes', '28b52ffde00000000000000040010000'],
])('zstd of %s is an error, not a batch without records nor the memory', async (_what, hex) => {
  await expectLittleMemory(() =>
    expect(unpack(CompressionTypes.ZSTD, Buffer.from(hex, 'hex'))).rejects.toThrow(/holds nothing|broken/),
  );
});

it('many small LZ4 blocks in a frame that allows large ones are read', async () => {
  const block = Buffer.from('01000080', 'hex');
  const blocks = Array.from({ length: 40 }, () => Buffer.concat([block, Buffer.from('a')]));
  const frame = Buffer.concat([Buffer.from('04224d18407000', 'hex'), ...blocks, Buffer.alloc(4)]);
  expect((await unpack(CompressionTypes.LZ4, frame)).toString()).toBe('a'.repeat(40));
});

describe('a batch that claims more than a batch can be', () => {
  it.each<[string, Packing, Buffer]>([
    ['snappy, by its length', CompressionTypes.Snappy, Buffer.from('80808080040041', 'hex')],
    ['lz4, by one block', CompressionTypes.LZ4, Buffer.from('04224d18404000ffffff7f41', 'hex')],
    [
      'lz4, by many blocks',
      CompressionTypes.LZ4,
      Buffer.concat([
        Buffer.from('04224d18407000', 'hex'),
        ...Array.from({ length: 20 }, () =>
          Buffer.concat([Buffer.from('204e0000', 'hex'), Buffer.alloc(20_000)]),
        ),
        Buffer.alloc(4),
      ]),
    ],
    ['gzip, by what is in it', CompressionTypes.GZIP, gzipSync(Buffer.alloc(MOST_UNPACKED_BYTES + 1))],
    ['zstd, by what is in it', CompressionTypes.ZSTD, zstdOfRuns(600, 131_072)],
  ])('is refused before it takes the memory: %s', async (_what, type, bytes) => {
    await expectLittleMemory(() =>
      expect(unpack(type, bytes)).rejects.toThrow(/unpacks to more|cut short|larger than/),
    );
  });
});
