import { Partitioners, type PartitionMetadata } from 'kafkajs';

const javaPartitioner = Partitioners.DefaultPartitioner();
const layouts = new Map<number, PartitionMetadata[]>();

/** The partition Java's default partitioner gives a record with this key (murmur2). */
export function partitionFor(key: Buffer, partitions: number): number {
  return javaPartitioner({
    topic: '',
    partitionMetadata: layoutOf(partitions),
    message: { key, value: null },
  });
}

/** kafkajs takes the count from a list of partitions. */
function layoutOf(partitions: number): PartitionMetadata[] {
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new RangeError(`A topic has at least one partition, not ${partitions}; ask partitionCount() first`);
  }
  const known = layouts.get(partitions);
  if (known !== undefined) return known;
  const layout = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
  }));
  layouts.set(partitions, layout);
  return layout;
}
