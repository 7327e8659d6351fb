import { compress, uncompress } from 'snappyjs';

/** Java clients write snappy-java's stream format: this header (magic, version, lowest reader), then blocks. */
const STREAM_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const STREAM_HEADER = Buffer.concat([STREAM_MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);

/** Reads snappy-java streams and the bare blocks that other clients write. */
export function decompressSnappy(compressed: Buffer): Buffer {
  if (!compressed.subarray(0, STREAM_MAGIC.length).equals(STREAM_MAGIC)) return uncompress(compressed);
  const blocks: Buffer[] = [];
  let at = STREAM_HEADER.length;
  while (at < compressed.length) {
    const size = compressed.readUInt32BE(at);
    const end = at + 4 + size;
    if (end > compressed.length)
      throw new Error(`A snappy block of ${size} bytes is cut short; read it again`);
    blocks.push(uncompress(compressed.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(blocks);
}

/** A snappy-java stream of one block, which every client reads. */
export function compressSnappy(plain: Buffer): Buffer {
  const block = compress(plain);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(block.length);
  return Buffer.concat([STREAM_HEADER, size, block]);
}
