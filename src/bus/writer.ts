import { type Kafka, Partitioners } from 'kafkajs';
import type { OutgoingRecord } from './record.js';

/** One producer id: from its first write to its close. */
export interface Writer {
  write(topic: string, partition: number, records: readonly OutgoingRecord[]): Promise<void>;
  /** Disconnects once the running writes have ended, which takes some seconds at most. */
  close(): Promise<void>;
}

export function openWriter(kafka: Kafka): Writer {
  const producer = kafka.producer({
    idempotent: true,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    metadataMaxAge: 60_000,
    // Endless by default, and a disconnect doesn't end it. Whoever fails is closed, so nothing is lost by a limit.
    retry: { retries: 6, initialRetryTime: 100, maxRetryTime: 1_500 },
  });
  const running = new Set<Promise<unknown>>();
  let connected: Promise<void> | undefined;

  async function write(topic: string, partition: number, records: readonly OutgoingRecord[]): Promise<void> {
    connected ??= producer.connect();
    await connected;
    await producer.send({ topic, acks: -1, messages: records.map((record) => ({ ...record, partition })) });
  }

  return {
    write(topic, partition, records) {
      const one = write(topic, partition, records);
      running.add(one);
      const done = () => void running.delete(one);
      one.then(done, done);
      return one;
    },
    async close() {
      await Promise.allSettled(running);
      await producer.disconnect();
    },
  };
}
