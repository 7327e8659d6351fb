import { murmur2 } from './murmur2.js';

/** The partition that Java's default partitioner gives a record with this key. */
export function partitionFor(key: Buffer, partitions: number): number {
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new RangeError(`A topic has at least one partition, not ${partitions}; ask partitionCount() first`);
  }
  return (murmur2(key) & 0x7fffffff) % partitions;
}
