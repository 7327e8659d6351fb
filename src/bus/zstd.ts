import { decompress, init } from '@bokuweb/zstd-wasm';
import { assertUnpackable, MOST_UNPACKED_BYTES } from './unpack-limit.js';

const MAGIC = 0xfd_2f_b5_28;
const SINGLE_SEGMENT = 0x20;

let loading: Promise<void> | undefined;

/**
 * Reads a zstd frame by zstd itself, as WebAssembly: decoders written anew in JavaScript go round in circles on some
 * broken frames (fzstd 0.1.1, 3 of 257,000), and a whole service with them.
 * @throws Error if it is none, is broken or cut short, or is too large
 */
export async function decompressZstd(frame: Buffer): Promise<Buffer> {
  assertContentBytes(frame);
  loading ??= init();
  await loading;
  const plain = unpack(frame);
  return Buffer.from(plain.buffer, plain.byteOffset, plain.length);
}

function unpack(frame: Buffer): Uint8Array {
  try {
    // Address space for a frame that does not tell its size, as Java's: of memory it takes what is written.
    return decompress(frame, { defaultHeapSize: MOST_UNPACKED_BYTES });
  } catch (error) {
    const code = error instanceof Error ? /-\d+$/.exec(error.message)?.[0] : undefined;
    if (code === TARGET_TOO_SMALL) assertUnpackable(Number.POSITIVE_INFINITY);
    throw new Error(`A zstd frame is broken or cut short (zstd's error ${code ?? 'without a code'})`, {
      cause: error,
    });
  }
}

/** ZSTD_error_dstSize_tooSmall of zstd_errors.h. */
const TARGET_TOO_SMALL = '-70';

/** RFC 8878, 3.1.1.1: what a frame says it holds is allocated before anything of it is read. */
function assertContentBytes(frame: Buffer): void {
  if (frame.length < 9 || frame.readUInt32LE(0) !== MAGIC) throw new Error('These bytes are no zstd frame');
  const flags = frame.readUInt8(4);
  const single = (flags & SINGLE_SEGMENT) !== 0;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0);
  const width = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  if (at + width > frame.length) throw new Error('A zstd frame is cut short; read it again');
  if (width === 8) assertUnpackable(Number(frame.readBigUInt64LE(at)));
  else if (width > 0) assertUnpackable(frame.readUIntLE(at, width) + (width === 2 ? 256 : 0));
}
