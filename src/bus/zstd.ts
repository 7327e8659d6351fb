import { Decompress } from 'fzstd';
import { assertUnpackable } from './unpack-limit.js';

const MAGIC = 0xfd_2f_b5_28;
/** RFC 8878, 3.1.1.1.2: what every reader should take, and what packers keep to unless they are told otherwise. */
const MOST_WINDOW_BYTES = 8 * 1024 * 1024;
/** Of 128 KiB each, 512 suffice for what one batch may be. fzstd moves its whole window for each of them. */
const MOST_BLOCKS = 1_024;

/** Reads a zstd frame. @throws Error if it is none, is cut short, or is too large */
export function decompressZstd(compressed: Buffer): Buffer {
  assertWindow(compressed);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = new Decompress((piece) => {
    bytes += piece.length;
    assertUnpackable(bytes);
    if (pieces.length === MOST_BLOCKS) throw new Error(`A zstd frame has more than ${MOST_BLOCKS} blocks`);
    // The reader's own memory, which it writes to again.
    pieces.push(piece.slice());
  });
  reader.push(compressed, true);
  return Buffer.concat(pieces);
}

/** The window is allocated before anything is read. A single segment has one for all of it. */
function assertWindow(frame: Buffer): void {
  if (frame.length < 9 || frame.readUInt32LE(0) !== MAGIC) throw new Error('These bytes are no zstd frame');
  const flags = frame.readUInt8(4);
  if ((flags & SINGLE_SEGMENT) !== 0) {
    assertUnpackable(contentBytes(frame, flags));
    return;
  }
  const window = frame.readUInt8(5);
  const base = 2 ** (10 + (window >> 3));
  const bytes = base + (base / 8) * (window & 7);
  if (bytes > MOST_WINDOW_BYTES) {
    throw new Error(`A zstd frame needs a window of ${bytes} bytes; ${MOST_WINDOW_BYTES} are the most`);
  }
}

const SINGLE_SEGMENT = 0x20;

function contentBytes(frame: Buffer, flags: number): number {
  const at = 5 + ([0, 1, 2, 4][flags & 3] ?? 0);
  const width = [1, 2, 4, 8][flags >> 6] ?? 0;
  if (at + width > frame.length) throw new Error('A zstd frame is cut short; read it again');
  if (width === 8) return Number(frame.readBigUInt64LE(at));
  return frame.readUIntLE(at, width) + (width === 2 ? 256 : 0);
}
