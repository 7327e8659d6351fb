import type { Admin } from 'kafkajs';

/**
 * Partition counts of every topic we may see. Asks for all topics: asking for one by name makes kafkajs
 * retry a missing one for seconds, and may create it where the broker allows that.
 */
export async function existingTopics(admin: Admin): Promise<Map<string, number>> {
  const { topics } = await admin.fetchTopicMetadata();
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}
