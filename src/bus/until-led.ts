import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { z } from 'zod';
import { SetupError } from '../domain/setup-error.js';
import { existingTopics } from './existing-topics.js';
import { withAdmin } from './with-admin.js';

const LED_WITHIN_MS = 15_000;

/**
 * Waits until all partitions of new topics take records: a broker names itself the leader of one some 100 ms before.
 * @throws SetupError after 15 s, or later by what one more look takes
 */
export async function untilLed(kafka: Kafka, topics: readonly string[]): Promise<void> {
  const end = performance.now() + LED_WITHIN_MS;
  let waiting = topics;
  while (waiting.length > 0) {
    // Anew each time: kafkajs goes on asking a leader it has once heard of.
    waiting = await withAdmin(kafka, (admin) => withoutLeader(admin, waiting));
    if (waiting.length === 0) return;
    if (performance.now() > end) {
      throw new SetupError(
        `The cluster created ${waiting.join(', ')}, but after ${LED_WITHIN_MS / 1000} s no broker answers for some of their partitions: look at the brokers' logs`,
      );
    }
    await sleep(50);
  }
}

/** One after the other: what a client of kafkajs knows of a topic is replaced whenever it asks about another one. */
async function withoutLeader(admin: Admin, topics: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const topic of topics) if (!(await isLed(admin, topic))) found.push(topic);
  return found;
}

const notYet = z.object({
  type: z.enum(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']),
});
/** kafkajs throws what the broker said itself, or as the cause of having tried often enough. */
const notLed = z.union([notYet, z.object({ cause: notYet })]);

/** Only a partition's leader answers for its offsets. */
async function isLed(admin: Admin, topic: string): Promise<boolean> {
  try {
    // First by name: for the offsets of a topic that nobody knows yet kafkajs asks three times, with rests.
    const known = await existingTopics(admin, [topic]);
    if (!known.has(topic)) return false;
    await admin.fetchTopicOffsets(topic);
    return true;
  } catch (error) {
    if (notLed.safeParse(error).success) return false;
    throw error;
  }
}
