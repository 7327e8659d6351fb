import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import type { BusRecord } from '../../src/bus/record.js';
import { toBusRecord } from '../../src/bus/to-bus-record.js';

export interface RawReader {
  /** Everything read so far. */
  readonly all: readonly BusRecord[];
  close(): Promise<void>;
}

/** Reads topics (with prefix) from their beginning, byte for byte. */
export async function openRawReader(kafka: Kafka, topics: readonly string[]): Promise<RawReader> {
  const consumer = kafka.consumer({ groupId: `raw-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const all: BusRecord[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    async eachMessage({ topic, partition, message }) {
      all.push(toBusRecord(topic, partition, message));
    },
  });
  return { all, close: () => consumer.disconnect() };
}
