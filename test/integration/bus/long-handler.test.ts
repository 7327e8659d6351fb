import { expect, it } from 'vitest';
import { waitFor } from '../../helpers/wait-for.js';
import { newName, newTopic, numbered, startConsumer, startProducer, untilRead } from './kafka-bench.js';

/** The least a broker allows by default. */
const SESSION_TIMEOUT_MS = 6_000;

it('keeps its membership while a handler takes longer than the session', async () => {
  const topic = await newTopic(1);
  const groupId = newName('group');
  let calls = 0;
  const started = performance.now();
  const consumer = startConsumer({
    groupId,
    topics: [topic],
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    handle: async () => {
      calls++;
      await waitFor(() => performance.now() - started > SESSION_TIMEOUT_MS + 1_000, {
        what: 'more than a session to pass',
      });
      return { kind: 'stored' };
    },
  });
  await startProducer().send(topic, 0, numbered(1));
  await untilRead(groupId, [topic]);
  expect(calls).toBe(1);
  expect(consumer.state().restarts).toBe(0);
});
