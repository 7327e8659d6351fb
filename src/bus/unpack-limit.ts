/**
 * What one batch may unpack to. Brokers limit what is sent, about 1 MiB, but not what that was packed from: 20 KB of
 * zstd can be 200 MB, which would end this process, again at every start.
 */
export const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;

/** @throws Error if a batch claims more */
export function assertUnpackable(bytes: number): void {
  if (bytes > MOST_UNPACKED_BYTES) {
    throw new Error(
      `A batch unpacks to more than ${MOST_UNPACKED_BYTES} bytes; have its producer send smaller ones`,
    );
  }
}
