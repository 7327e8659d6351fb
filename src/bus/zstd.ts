import { decompress, init } from '@bokuweb/zstd-wasm';
import { assertUnpackable, MOST_UNPACKED_BYTES } from './unpack-limit.js';

/**
 * An empty frame that does not tell its size (RFC 8878, 3.1.1). Before whatever is read, it makes the library give room
 * for as much as a batch may be, where it else believes what the first frame says of itself.
 */
const WITHOUT_SIZE = Buffer.from('28b52ffd0000010000', 'hex');

// Before anything is read: what is wrong with this installation must end the start, and not be put down to a batch.
await init();

/**
 * Reads zstd frames, by zstd itself as WebAssembly: decoders written anew in JavaScript go round in circles on some
 * broken frames (fzstd 0.1.1 on 3 of 257,000), and a whole service with them. What room a batch took once stays with
 * this process, 64 MiB at most; before that it is address space only.
 * @throws Error if they are none, are broken or cut short, hold nothing, or are too large
 */
export function decompressZstd(frames: Buffer): Buffer {
  const plain = unpack(Buffer.concat([WITHOUT_SIZE, frames]));
  if (plain.length === 0) throw new Error('A zstd frame holds nothing');
  return Buffer.from(plain.buffer, plain.byteOffset, plain.length);
}

function unpack(frames: Buffer): Uint8Array {
  try {
    return decompress(frames, { defaultHeapSize: MOST_UNPACKED_BYTES });
  } catch (error) {
    const code = error instanceof Error ? /-\d+$/.exec(error.message)?.[0] : undefined;
    if (code === NO_ROOM) assertUnpackable(Number.POSITIVE_INFINITY);
    throw new Error(`A zstd frame is broken or cut short (zstd's error ${code ?? 'without a code'})`, {
      cause: error,
    });
  }
}

/** ZSTD_error_dstSize_tooSmall of zstd_errors.h. */
const NO_ROOM = '-70';
