import { expect, inject, it } from 'vitest';
import { connectKafka } from '../../../src/bus/connect-kafka.js';
import { createProducer } from '../../../src/bus/producer.js';
import { createTopics } from '../../../src/bus/topics.js';
import { newName, numbered } from './kafka-bench.js';

it('says nothing above info of a missing topic, a new producer and a send that works', async () => {
  const said: string[] = [];
  const kafka = connectKafka({
    brokers: (inject('stackVariables')['KAFKA_BROKERS'] ?? '').split(','),
    clientId: 'quiet',
    log: (level, namespace, text) =>
      void (level === 'debug' || level === 'info' || said.push(`${namespace}: ${text}`)),
  });
  const producer = createProducer({ kafka });
  const name = newName('topic');
  expect(await producer.partitionCount(newName('missing'))).toBeUndefined();
  await createTopics(kafka, [{ name, partitions: 1, cleanup: 'delete', retentionMs: 60_000 }]);
  await producer.send(name, 0, numbered(1));
  await producer.close();
  expect(said).toEqual([]);
});

it('says what is wrong when no broker is there', async () => {
  const said: string[] = [];
  const kafka = connectKafka({
    brokers: ['127.0.0.1:1'],
    clientId: 'alone',
    log: (level, namespace, text) => void said.push(`${level} ${namespace}: ${text}`),
  });
  const producer = createProducer({ kafka, timeoutMs: 5_000 });
  await expect(producer.send('otp.requested', 0, numbered(1))).rejects.toMatchObject({ kind: 'unavailable' });
  await producer.close();
  expect(said.some((text) => text.startsWith('error') && text.includes('ECONNREFUSED'))).toBe(true);
});
