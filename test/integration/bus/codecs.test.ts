import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CompressionTypes } from 'kafkajs';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { BusRecord } from '../../../src/bus/record.js';
import { MOST_UNPACKED_BYTES } from '../../../src/bus/unpack-limit.js';
import { UNREADABLE_BATCH_HEADER } from '../../../src/bus/unreadable-batch.js';
import { projectRoot } from '../../../src/project-root.js';
import { waitFor } from '../../helpers/wait-for.js';
import { newKafka, newName, newTopic, record, startConsumer, startProducer } from './kafka-bench.js';

/** Compressible, and over the 64 KB of an LZ4 block and the 32 KB of a snappy one. */
const values = Array.from({ length: 40 }, (_, index) => `${index} ${'bread '.repeat(500)}`);
const JAVA = 'java';
const jars = join(projectRoot(), '.cache', 'kafka-4.3.1-apicurio-2.6.13.Final', 'kafka');

// Where the stack runs in Docker there are no jars, and so no Java client.
describe.skipIf(!existsSync(jars))('batches compressed by the Java client', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('with %s are read, and what follows them too', async (codec) => {
    const topic = await newTopic(1);
    await produceWithJava(topic, codec);
    const producer = startProducer();
    await producer.send(topic, 0, [record('plain')]);
    const got = consume(topic);
    await waitFor(() => got.length === values.length + 1, { what: 'all records' });
    expect(got.map(({ value }) => value?.toString())).toEqual([...values, 'plain']);
  });
});

describe('batches compressed here', () => {
  it.each([
    ['gzip', CompressionTypes.GZIP],
    ['snappy', CompressionTypes.Snappy],
  ])('with %s are taken by the broker and read again', async (_, compression) => {
    const topic = await newTopic(1);
    await produceHere(topic, compression);
    const got = consume(topic);
    await waitFor(() => got.length === values.length, { what: 'all records' });
    expect(got.map(({ value }) => value?.toString())).toEqual(values);
  });

  it.each([
    ['lz4', CompressionTypes.LZ4],
    ['zstd', CompressionTypes.ZSTD],
  ])('with %s are refused, which is said plainly', async (name, compression) => {
    const topic = await newTopic(1);
    await expect(produceHere(topic, compression)).rejects.toThrow(`${name} can be read but not written`);
  });
});

it('a batch that unpacks to more than a process can hold stops nothing: its records say so, each at its offset', async () => {
  const topic = await newTopic(1);
  const producer = newKafka().producer();
  onTestFinished(() => producer.disconnect());
  await producer.connect();
  const send = (...bodies: (string | Buffer)[]) =>
    producer.send({
      topic,
      compression: CompressionTypes.GZIP,
      messages: bodies.map((value) => ({ value, partition: 0 })),
    });
  await send('before');
  await send('first', Buffer.alloc(MOST_UNPACKED_BYTES + 1), 'last');
  await send('after');
  const got = consume(topic);
  await waitFor(() => got.length === 5, { what: 'all records' });
  expect(got.map(({ offset, value }) => [Number(offset), value?.toString() ?? null])).toEqual([
    [0, 'before'],
    [1, null],
    [2, null],
    [3, null],
    [4, 'after'],
  ]);
  for (const { headers } of got.slice(1, 4)) {
    expect(String(headers[UNREADABLE_BATCH_HEADER])).toMatch(/^the batch can not be unpacked \(gzip\): /);
  }
});

function consume(topic: string): BusRecord[] {
  const got: BusRecord[] = [];
  startConsumer({
    groupId: newName('group'),
    topics: [topic],
    handle: async (records) => {
      got.push(...records);
      return { kind: 'stored' };
    },
  });
  return got;
}

async function produceWithJava(topic: string, codec: string): Promise<void> {
  const brokers = inject('stackVariables')['KAFKA_BROKERS'] ?? '';
  const where = ['--bootstrap-server', brokers, '--topic', topic];
  const how = ['--compression-codec', codec, '--batch-size', '500000', '--timeout', '200'];
  const program = ['-cp', join(jars, '*'), 'org.apache.kafka.tools.ConsoleProducer'];
  const java = spawn(JAVA, [...program, ...where, ...how], { stdio: ['pipe', 'ignore', 'ignore'] });
  java.stdin.end(`${values.join('\n')}\n`);
  const [code] = await once(java, 'exit');
  expect(code).toBe(0);
}

async function produceHere(topic: string, compression: CompressionTypes): Promise<void> {
  const producer = newKafka().producer();
  onTestFinished(() => producer.disconnect());
  await producer.connect();
  const messages = values.map((value) => ({ value, partition: 0 }));
  await producer.send({ topic, compression, messages });
}
