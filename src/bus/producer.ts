import type { Kafka } from 'kafkajs';
import type { OutgoingRecord } from './record.js';

export interface ProducerOptions {
  readonly kafka: Kafka;
  /** The most time one send may take, retries included. */
  readonly timeoutMs?: number;
}

export interface Producer {
  /** Acknowledged by all in-sync replicas, in order; throws SendError. */
  send(topic: string, partition: number, records: readonly OutgoingRecord[]): Promise<void>;
  /** Undefined if the topic doesn't exist. */
  partitionCount(topic: string): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Connects at the first use. */
export function createProducer(_options: ProducerOptions): Producer {
  throw new Error('createProducer is not built yet');
}
