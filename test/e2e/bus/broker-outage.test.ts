import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Stack } from '../../../dev/stack/part.js';
import { startStack } from '../../../dev/stack/stack.js';
import { connectKafka } from '../../../src/bus/connect-kafka.js';
import { createEventConsumer } from '../../../src/bus/event-consumer.js';
import { createProducer, type Producer } from '../../../src/bus/producer.js';
import { createTopics } from '../../../src/bus/topics.js';
import { waitFor } from '../../helpers/wait-for.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ parts: ['kafka'], report: () => undefined });
});
afterAll(() => stack.stop());

function newKafka() {
  const brokers = (stack.variables['KAFKA_BROKERS'] ?? '').split(',');
  return connectKafka({ brokers, clientId: `test-${randomUUID()}`, log: () => undefined });
}

async function newTopic(partitions: number): Promise<string> {
  const name = `topic-${randomUUID()}`;
  await createTopics(newKafka(), [{ name, partitions, cleanup: 'delete', retentionMs: 86_400_000 }]);
  return name;
}

/** Sends 0, 1, 2 … to one partition, each until it is acknowledged. */
function keepSending(producer: Producer, topic: string, partition: number) {
  let next = 0;
  let failures = 0;
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      try {
        const value = Buffer.from(String(next));
        await producer.send(topic, partition, [{ key: null, value, headers: {} }]);
        next++;
      } catch {
        failures++;
      }
    }
  })();
  const stop = async () => {
    stopped = true;
    await running;
  };
  return { acknowledged: () => next, failures: () => failures, stop };
}

it('survives the kill of the broker: every acknowledged record is read, in order', async () => {
  const topic = await newTopic(2);
  const read: number[][] = [[], []];
  const deaths: Error[] = [];
  const consumer = createEventConsumer({
    kafka: newKafka(),
    groupId: `group-${randomUUID()}`,
    topics: [topic],
    log: () => undefined,
    onDead: (error) => deaths.push(error),
    handle: async (records, { partition }) => {
      read[partition]?.push(...records.map(({ value }) => Number(value)));
      return { kind: 'stored' };
    },
  });
  const producer = createProducer({ kafka: newKafka(), timeoutMs: 3_000 });
  try {
    const senders = [0, 1].map((partition) => keepSending(producer, topic, partition));
    const allPast = (count: number) => senders.every(({ acknowledged }) => acknowledged() > count);
    await waitFor(() => allPast(50) && read.every(({ length }) => length > 20), { what: 'a steady state' });

    await stack.part('kafka').kill();
    await waitFor(() => senders.every(({ failures }) => failures() > 0), {
      what: 'sends to fail',
      timeoutMs: 30_000,
    });
    await stack.part('kafka').restart();

    const before = Math.max(...senders.map(({ acknowledged }) => acknowledged()));
    await waitFor(() => allPast(before + 50), { what: 'sends to work again', timeoutMs: 60_000 });
    await Promise.all(senders.map(({ stop }) => stop()));
    await waitFor(
      () => senders.every(({ acknowledged }, partition) => read[partition]?.includes(acknowledged() - 1)),
      { what: 'the last records', timeoutMs: 60_000 },
    );
    for (const [partition, sender] of senders.entries()) {
      const first = [...new Set(read[partition])];
      expect(first).toEqual(Array.from({ length: sender.acknowledged() }, (_, index) => index));
    }
    expect(deaths).toEqual([]);
    expect(consumer.state()).toMatchObject({ phase: 'running', joined: true });
  } finally {
    await producer.close();
    await consumer.stop(5_000);
  }
});

it('stops within its limit and closes its producer while no broker answers', async () => {
  const topic = await newTopic(1);
  const consumer = createEventConsumer({
    kafka: newKafka(),
    groupId: `group-${randomUUID()}`,
    topics: [topic],
    log: () => undefined,
    onDead: () => undefined,
    handle: async () => ({ kind: 'stored' }),
  });
  await consumer.joined;
  await stack.part('kafka').kill();
  try {
    await waitFor(() => !consumer.state().joined, { what: 'the consumer to notice', timeoutMs: 30_000 });
    const started = performance.now();
    await consumer.stop(2_000);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(consumer.state().joined).toBe(false);
  } finally {
    await stack.part('kafka').restart();
  }
});
