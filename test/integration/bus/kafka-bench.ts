import { randomUUID } from 'node:crypto';
import type { ITopicConfig, Kafka } from 'kafkajs';
import { inject, onTestFinished } from 'vitest';
import { connectKafka } from '../../../src/bus/connect-kafka.js';
import {
  createEventConsumer,
  type EventConsumer,
  type EventConsumerOptions,
} from '../../../src/bus/event-consumer.js';
import { lag } from '../../../src/bus/lag.js';
import { createProducer, type Producer } from '../../../src/bus/producer.js';
import type { OutgoingRecord } from '../../../src/bus/record.js';
import { withAdmin } from '../../../src/bus/with-admin.js';
import { waitFor } from '../../helpers/wait-for.js';

export function newKafka(): Kafka {
  const brokers = inject('stackVariables')['KAFKA_BROKERS'];
  if (brokers === undefined) throw new Error('The stack was started without Kafka');
  return connectKafka({
    brokers: brokers.split(','),
    clientId: `test-${randomUUID()}`,
    log: () => undefined,
  });
}

export const newName = (what: string) => `${what}-${randomUUID().slice(0, 8)}`;

export async function newTopic(
  partitions: number,
  configEntries?: ITopicConfig['configEntries'],
): Promise<string> {
  const topic = newName('topic');
  await createTopic(topic, partitions, configEntries);
  return topic;
}

export async function createTopic(
  topic: string,
  numPartitions: number,
  configEntries: ITopicConfig['configEntries'] = [],
): Promise<void> {
  await withAdmin(newKafka(), async (admin) => {
    // Its own wait takes a broker that hasn't heard of a new topic yet for one that never will.
    await admin.createTopics({
      topics: [{ topic, numPartitions, replicationFactor: 1, configEntries }],
      waitForLeaders: false,
    });
    await waitFor(() => admin.fetchTopicOffsets(topic), { what: `${topic} to be known` });
  });
}

/** Stopped when the test ends. */
export function startConsumer(
  options: Pick<EventConsumerOptions, 'groupId' | 'topics' | 'handle'> & Partial<EventConsumerOptions>,
): EventConsumer & { readonly deaths: Error[] } {
  const deaths: Error[] = [];
  const consumer = createEventConsumer({
    kafka: newKafka(),
    log: () => undefined,
    onDead: (error) => deaths.push(error),
    ...options,
  });
  onTestFinished(async () => void (await consumer.stop(5_000)));
  return { ...consumer, deaths };
}

/** Closed when the test ends. */
export function startProducer(): Producer {
  const producer = createProducer({ kafka: newKafka() });
  onTestFinished(() => producer.close());
  return producer;
}

export const record = (value: string | Buffer): OutgoingRecord => ({
  key: null,
  value: Buffer.from(value),
  headers: {},
});

export const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => record(String(from + index)));

export async function untilRead(
  groupId: string,
  topics: readonly string[],
  timeoutMs = 20_000,
): Promise<void> {
  const kafka = newKafka();
  await waitFor(
    async () => {
      const lags = await lag(kafka, groupId, topics);
      const allCommitted = lags.every(({ partitions }) =>
        partitions.every(({ start, end, committed }) => committed !== undefined || start === end),
      );
      return allCommitted && lags.every((each) => each.lag === 0n);
    },
    { what: `${groupId} to have committed everything in ${topics.join(', ')}`, timeoutMs, everyMs: 50 },
  );
}
