import type { Kafka } from 'kafkajs';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  readonly retentionMs: number;
}

export interface TopicDifference {
  readonly setting: 'partitions' | 'cleanup.policy' | 'retention.ms';
  readonly wanted: string;
  readonly found: string;
}

export interface TopicReport {
  readonly name: string;
  readonly created: boolean;
  /** How an existing topic differs from its spec; nothing is changed or deleted. */
  readonly differences: readonly TopicDifference[];
}

/** Creates the topics that are missing, replicated min(3, brokers) times. */
export async function createTopics(_kafka: Kafka, _specs: readonly TopicSpec[]): Promise<TopicReport[]> {
  throw new Error('createTopics is not built yet');
}
