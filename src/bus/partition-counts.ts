import type { Kafka } from 'kafkajs';
import { existingTopics } from './existing-topics.js';
import { withAdmin } from './with-admin.js';

export interface PartitionCounts {
  /** Undefined if the topic doesn't exist. */
  of(topic: string): Promise<number | undefined>;
  forget(topic: string): void;
}

/** Partitions may be added, and a missing topic created, at any time. */
const KNOWN_MS = 60_000;
const MISSING_MS = 3_000;

interface Answer {
  readonly count: Promise<number | undefined>;
  goodUntil: number;
}

/** Asks once for all who want to know, and again after a while. */
export function createPartitionCounts(kafka: Kafka): PartitionCounts {
  const answers = new Map<string, Answer>();

  async function ask(topic: string): Promise<number | undefined> {
    const counts = await withAdmin(kafka, (admin) => existingTopics(admin, [topic]));
    return counts.get(topic);
  }

  async function of(topic: string): Promise<number | undefined> {
    const known = answers.get(topic);
    if (known !== undefined && known.goodUntil > Date.now()) return known.count;
    const answer: Answer = { count: ask(topic), goodUntil: Number.POSITIVE_INFINITY };
    answers.set(topic, answer);
    try {
      const count = await answer.count;
      answer.goodUntil = Date.now() + (count === undefined ? MISSING_MS : KNOWN_MS);
      return count;
    } catch (error) {
      if (answers.get(topic) === answer) answers.delete(topic);
      throw error;
    }
  }

  return { of, forget: (topic) => void answers.delete(topic) };
}
