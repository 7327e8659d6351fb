/** The partition Java's default partitioner gives a record with this key (murmur2). */
export function partitionFor(_key: Buffer, _partitions: number): number {
  throw new Error('partitionFor is not built yet');
}
