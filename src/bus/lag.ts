import type { Admin, Kafka } from 'kafkajs';
import { existingTopics } from './existing-topics.js';
import { withAdmin } from './with-admin.js';

export interface PartitionLag {
  readonly partition: number;
  readonly start: bigint;
  /** The offset after the last record. */
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
export async function lag(kafka: Kafka, groupId: string, topics: readonly string[]): Promise<TopicLag[]> {
  return withAdmin(kafka, async (admin) => {
    const existing = await existingTopics(admin, topics);
    const present = topics.filter((topic) => existing.has(topic));
    const committed = await committedOffsets(admin, groupId, present);
    return Promise.all(
      topics.map(async (topic) =>
        existing.has(topic)
          ? topicLag(admin, topic, committed.get(topic) ?? new Map<number, bigint>())
          : { topic, missing: true, partitions: [], lag: 0n },
      ),
    );
  });
}

async function committedOffsets(
  admin: Admin,
  groupId: string,
  topics: string[],
): Promise<Map<string, Map<number, bigint>>> {
  // An empty list would ask for every topic of the group.
  if (topics.length === 0) return new Map();
  const offsets = await admin.fetchOffsets({ groupId, topics });
  return new Map(
    offsets.map(({ topic, partitions }) => [
      topic,
      new Map(
        partitions
          .map(({ partition, offset }): [number, bigint] => [partition, BigInt(offset)])
          .filter(([, offset]) => offset >= 0n),
      ),
    ]),
  );
}

async function topicLag(admin: Admin, topic: string, committed: Map<number, bigint>): Promise<TopicLag> {
  const offsets = await admin.fetchTopicOffsets(topic);
  const partitions = offsets.map(({ partition, low, high }) =>
    partitionLag(partition, BigInt(low), BigInt(high), committed.get(partition)),
  );
  return { topic, missing: false, partitions, lag: partitions.reduce((sum, each) => sum + each.lag, 0n) };
}

function partitionLag(
  partition: number,
  start: bigint,
  end: bigint,
  committed: bigint | undefined,
): PartitionLag {
  const next = committed === undefined || committed < start ? start : committed;
  return { partition, start, end, committed, lag: end > next ? end - next : 0n };
}
