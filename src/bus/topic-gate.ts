import type { Kafka } from 'kafkajs';

export interface TopicGateOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** How often the committed offsets are looked at while someone waits. */
  readonly pollMs?: number;
}

export interface TopicGateState {
  readonly open: boolean;
  /** Records the group still has to read; 0 when open. */
  readonly remaining: bigint;
  readonly missingTopics: readonly string[];
}

export interface TopicGate {
  /** Looks once. The first look captures the ends; an empty or missing topic is reached at once. */
  look(): Promise<TopicGateState>;
  /** Resolved once the group has committed up to the captured ends; rejected when `signal` aborts. */
  opened(signal?: AbortSignal): Promise<TopicGateState>;
}

/** Says when a group has read topics to the ends they had at the first look. */
export function createTopicGate(_options: TopicGateOptions): TopicGate {
  throw new Error('createTopicGate is not built yet');
}
