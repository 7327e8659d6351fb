declare module 'snappyjs' {
  export function compress(uncompressed: Buffer): Buffer;
}

declare module 'lz4js' {
  /** @returns where it ended in `target`: bytes beyond its end are counted, and written nowhere */
  export function decompressBlock(
    source: Uint8Array,
    target: Uint8Array,
    at: number,
    size: number,
    targetAt: number,
  ): number;
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  const RequestQueue: { prototype: object };
  export default RequestQueue;
}
