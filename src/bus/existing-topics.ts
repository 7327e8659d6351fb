import type { Admin } from 'kafkajs';
import { z } from 'zod';

/**
 * Partition counts of those of `topics` that exist. Asks by name, one at a time: a list fails as a whole for one
 * missing topic, and the list of all topics fails when any partition of the cluster has no leader.
 */
export async function existingTopics(admin: Admin, topics: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const topic of topics) {
    const count = await partitionCount(admin, topic);
    if (count !== undefined) counts.set(topic, count);
  }
  return counts;
}

const missing = z.object({ type: z.literal('UNKNOWN_TOPIC_OR_PARTITION') });

async function partitionCount(admin: Admin, topic: string): Promise<number | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.find(({ name }) => name === topic)?.partitions.length;
  } catch (error) {
    if (missing.safeParse(error).success) return undefined;
    throw error;
  }
}
