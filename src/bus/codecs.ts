import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import kafkajs, { CompressionTypes } from 'kafkajs';
import { decompressLz4 } from './lz4.js';
import { compressSnappy, decompressSnappy } from './snappy.js';
import { MOST_UNPACKED_BYTES } from './unpack-limit.js';
import { standInRecords } from './unreadable-batch.js';
import { decompressZstd } from './zstd.js';

/** kafkajs hands over the records of a batch as `encoder.buffer`. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(compressed: Buffer): Promise<Buffer>;
}

/** kafkajs has its own, which takes whatever a batch unpacks to: 1 MiB can be a gigabyte. */
const gzipped: Codec = {
  compress: ({ buffer }) => promisify(gzip)(buffer),
  decompress: (compressed) =>
    promisify<Buffer, object, Buffer>(gunzip)(compressed, { maxOutputLength: MOST_UNPACKED_BYTES }),
};

const snappy: Codec = {
  compress: async ({ buffer }) => compressSnappy(buffer),
  decompress: async (compressed) => decompressSnappy(compressed),
};

const lz4: Codec = {
  // Brokers answer lz4js's frames with "unexpected error" (Kafka 4.3.1).
  compress: refuseToWrite('lz4'),
  decompress: async (compressed) => decompressLz4(compressed),
};

const zstd: Codec = {
  // Nothing here has to write it.
  compress: refuseToWrite('zstd'),
  decompress: async (compressed) => decompressZstd(compressed),
};

function refuseToWrite(name: string): Codec['compress'] {
  return async () => {
    throw new Error(`${name} can be read but not written here; use gzip or snappy`);
  };
}

/** What can't be unpacked comes as records that say so, and never as an error: see there. */
const neverStopping = (name: string, codec: Codec): Codec => ({
  compress: codec.compress,
  async decompress(compressed) {
    try {
      return await codec.decompress(compressed);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return standInRecords(
        compressed,
        new Error(`the batch can not be unpacked (${name}): ${why}`, { cause: error }),
      );
    }
  },
});

/** Without a codec one compressed batch stops a kafkajs consumer for ever; producers choose theirs freely. */
export function registerCodecs(): void {
  const { CompressionCodecs } = kafkajs;
  CompressionCodecs[CompressionTypes.GZIP] = () => neverStopping('gzip', gzipped);
  CompressionCodecs[CompressionTypes.Snappy] = () => neverStopping('snappy', snappy);
  CompressionCodecs[CompressionTypes.LZ4] = () => neverStopping('lz4', lz4);
  CompressionCodecs[CompressionTypes.ZSTD] = () => neverStopping('zstd', zstd);
}
