import { compress } from 'snappyjs';
import { assertUnpackable } from './unpack-limit.js';

/** Java clients write snappy-java's stream format: this header (magic, version, lowest reader), then blocks. */
const STREAM_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const STREAM_HEADER = Buffer.concat([STREAM_MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);

/** Reads snappy-java streams and the bare blocks that other clients write. */
export function decompressSnappy(compressed: Buffer): Buffer {
  if (!compressed.subarray(0, STREAM_MAGIC.length).equals(STREAM_MAGIC)) return readBlock(compressed);
  const blocks: Buffer[] = [];
  let bytes = 0;
  let at = STREAM_HEADER.length;
  while (at < compressed.length) {
    const size = compressed.readUInt32BE(at);
    const end = at + 4 + size;
    if (end > compressed.length)
      throw new Error(`A snappy block of ${size} bytes is cut short; read it again`);
    const block = readBlock(compressed.subarray(at + 4, end));
    bytes += block.length;
    assertUnpackable(bytes);
    blocks.push(block);
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

/**
 * The block format of snappy's format_description.txt. Own code: snappyjs takes a length of 32 bits for a negative one,
 * goes back by it, and may then go round for ever; and of what is too short it returns zeros.
 * @throws Error if it is not as long as it says, or refers to what is not there
 */
function readBlock(block: Buffer): Buffer {
  const { length, start } = readLength(block);
  assertUnpackable(length);
  const plain = Buffer.alloc(length);
  let from = start;
  let to = 0;
  while (from < block.length) {
    const tag = block.readUInt8(from);
    from += 1;
    if ((tag & 3) === LITERAL) {
      const inTag = tag >> 2;
      const width = Math.max(0, inTag - LONGEST_IN_TAG);
      const size = (width === 0 ? inTag : block.readUIntLE(from, width)) + 1;
      from += width;
      if (from + size > block.length || to + size > length) throw broken();
      block.copy(plain, to, from, from + size);
      from += size;
      to += size;
      continue;
    }
    const near = (tag & 3) === 1;
    const width = near ? 1 : (tag & 3) === 2 ? 2 : 4;
    const size = near ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = block.readUIntLE(from, width) + (near ? (tag >> 5) << 8 : 0);
    from += width;
    if (offset === 0 || offset > to || to + size > length) throw broken();
    // What is copied may reach into what is being written: then it repeats.
    for (const end = to + size; to < end; to++) plain[to] = plain[to - offset] ?? 0;
  }
  if (to !== length) throw broken();
  return plain;
}

const LITERAL = 0;
/** Greater ones say how many bytes the length takes, less one of it. */
const LONGEST_IN_TAG = 59;

function readLength(block: Buffer): { readonly length: number; readonly start: number } {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = block[at];
    if (byte === undefined) throw broken();
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, start: at + 1 };
  }
  throw broken();
}

const broken = (): Error => new Error('A snappy block is broken; have its producer send it again');
