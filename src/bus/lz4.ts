import { decompressBlock } from 'lz4js';
import { assertUnpackable } from './unpack-limit.js';

const MAGIC = 0x18_4d_22_04;
const BLOCK_SUMS = 0x10;
const CONTENT_SIZE = 0x08;
const STORED = 0x80_00_00_00;
const BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 };

/** A byte of LZ4 stands for 255 at most: many small blocks in a frame of large ones are not large. */
const MOST_EXPANSION = 255;

interface Block {
  readonly at: number;
  readonly size: number;
  readonly stored: boolean;
}

/**
 * Reads an LZ4 frame. Own code around lz4js's blocks: its reader of frames believes every size that it meets, so that
 * it goes on for 2^31 bytes behind the end of what claims them, and it takes the checksum of a block for the block.
 * @throws Error if it is no frame, is cut short, or is too large
 */
export function decompressLz4(frame: Buffer): Buffer {
  const { blocks, mostBytes } = blocksOf(frame);
  const plain = Buffer.alloc(mostBytes);
  let end = 0;
  for (const { at, size, stored } of blocks) {
    end = stored ? end + frame.copy(plain, end, at, at + size) : decompressBlock(frame, plain, at, size, end);
    if (end > plain.length) throw new Error('An LZ4 block holds more than its frame allows');
  }
  return plain.subarray(0, end);
}

function blocksOf(frame: Buffer): { readonly blocks: readonly Block[]; readonly mostBytes: number } {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw new Error('These bytes are no LZ4 frame');
  const flags = frame.readUInt8(4);
  const blockBytes = BLOCK_BYTES[(frame.readUInt8(5) >> 4) & 7];
  if (blockBytes === undefined) throw new Error('An LZ4 frame does not name the size of its blocks');
  const blocks: Block[] = [];
  let mostBytes = 0;
  for (let at = 7 + (flags & CONTENT_SIZE ? 8 : 0); ; ) {
    if (at + 4 > frame.length) throw new Error('An LZ4 frame is cut short; read it again');
    const head = frame.readUInt32LE(at);
    if (head === 0) return { blocks, mostBytes };
    const stored = head >= STORED;
    const block = { at: at + 4, size: stored ? head - STORED : head, stored };
    at = block.at + block.size + (flags & BLOCK_SUMS ? 4 : 0);
    if (at > frame.length) throw new Error(`An LZ4 block of ${block.size} bytes is cut short; read it again`);
    blocks.push(block);
    mostBytes += stored ? block.size : Math.min(blockBytes, block.size * MOST_EXPANSION);
    assertUnpackable(mostBytes);
  }
}
