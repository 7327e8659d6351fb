import type { Kafka } from 'kafkajs';

export interface PartitionLag {
  readonly partition: number;
  readonly start: bigint;
  readonly end: bigint;
  /** The next offset the group reads; undefined if it has committed none. */
  readonly committed: bigint | undefined;
  readonly lag: bigint;
}

export interface TopicLag {
  readonly topic: string;
  readonly missing: boolean;
  readonly partitions: readonly PartitionLag[];
  readonly lag: bigint;
}

/** How far a group is behind, per topic; a topic that doesn't exist is `missing`, with lag 0. */
export async function lag(_kafka: Kafka, _groupId: string, _topics: readonly string[]): Promise<TopicLag[]> {
  throw new Error('lag is not built yet');
}
