import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { newName, newTopic, startConsumer } from './kafka-bench.js';

const WATCHED_MS = 1_000;

it('is quiet when idle: kafkajs alone sets more than a thousand timers a second', async () => {
  const topic = await newTopic(6);
  const consumer = startConsumer({
    groupId: newName('group'),
    topics: [topic],
    handle: async () => ({ kind: 'stored' }),
  });
  await consumer.joined;
  const timers = vi.spyOn(globalThis, 'setTimeout');
  try {
    // The length of the observation, not a wait for anything.
    await sleep(WATCHED_MS);
    expect(timers.mock.calls.length).toBeLessThan(20);
  } finally {
    timers.mockRestore();
  }
  expect(consumer.state().lastFetchAt).toBeGreaterThan(0);
});
