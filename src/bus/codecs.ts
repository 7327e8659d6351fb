import kafkajs, { CompressionTypes } from 'kafkajs';
import { decompressLz4 } from './lz4.js';
import { compressSnappy, decompressSnappy } from './snappy.js';
import { decompressZstd } from './zstd.js';

/** kafkajs hands over the records of a batch as `encoder.buffer`. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(compressed: Buffer): Promise<Buffer>;
}

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
  // fzstd only decompresses.
  compress: refuseToWrite('zstd'),
  decompress: async (compressed) => decompressZstd(compressed),
};

function refuseToWrite(name: string): Codec['compress'] {
  return async () => {
    throw new Error(`${name} can be read but not written here; use gzip or snappy`);
  };
}

/** Without a codec one compressed batch stops a kafkajs consumer for ever; producers choose theirs freely. */
export function registerCodecs(): void {
  const { CompressionCodecs } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = () => snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd;
}
