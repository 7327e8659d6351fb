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

/** Asks for all topics at once, at most every few seconds. */
export function createPartitionCounts(kafka: Kafka): PartitionCounts {
  let counts = new Map<string, number>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    try {
      counts = await withAdmin(kafka, existingTopics);
      askedAt = Date.now();
    } finally {
      asking = undefined;
    }
  }

  return {
    async of(topic) {
      const age = Date.now() - askedAt;
      if (age > (counts.has(topic) ? KNOWN_MS : MISSING_MS)) {
        asking ??= ask();
        await asking;
      }
      return counts.get(topic);
    },
    forget(topic) {
      counts.delete(topic);
    },
  };
}
