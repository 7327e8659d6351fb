import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectKafka } from '../../../src/bus/connect-kafka.js';
import { createProducer } from '../../../src/bus/producer.js';
import type { BusRecord } from '../../../src/bus/record.js';
import { waitFor } from '../../helpers/wait-for.js';
import {
  createTopic,
  newName,
  newTopic,
  numbered,
  record,
  startConsumer,
  startProducer,
} from './kafka-bench.js';

const MEGABYTE = 1_048_576;

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

describe('producer', () => {
  it('writes key, value and headers to the partition it is told, in the order of the calls', async () => {
    const topic = await newTopic(3);
    const producer = startProducer();
    expect(await producer.partitionCount(topic)).toBe(3);
    const key = Buffer.from('b2f1');
    const headers = { ce_id: Buffer.from([0, 255, 128]) };
    // Not awaited one by one: sends to a partition keep their order by themselves.
    await Promise.all([
      producer.send(topic, 2, [{ key, value: Buffer.from('first'), headers }]),
      ...numbered(20).map((each) => producer.send(topic, 2, [each])),
      producer.send(topic, 2, []),
    ]);
    const got = consume(topic);
    await waitFor(() => got.length === 21, { what: '21 records' });
    expect(got[0]).toMatchObject({ partition: 2, offset: 0n, key, value: Buffer.from('first'), headers });
    expect(got.slice(1).map(({ value }) => Number(value))).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('refuses an unknown topic at once, and finds it when it has been made', async () => {
    const topic = newName('late');
    const producer = startProducer();
    const started = performance.now();
    await expect(producer.send(topic, 0, numbered(1))).rejects.toMatchObject({ kind: 'unknown_topic' });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await producer.partitionCount(topic)).toBeUndefined();
    await createTopic(topic, 1);
    await waitFor(async () => (await producer.partitionCount(topic)) === 1, {
      what: 'the new topic',
      everyMs: 200,
    });
    await producer.send(topic, 0, numbered(1));
  });

  it('refuses a partition that the topic has not', async () => {
    const topic = await newTopic(1);
    await expect(startProducer().send(topic, 1, numbered(1))).rejects.toMatchObject({
      kind: 'unknown_topic',
    });
  });

  it('carries a record of 2 MB both ways where the topic allows it', async () => {
    const topic = await newTopic(1, [{ name: 'max.message.bytes', value: String(3 * MEGABYTE) }]);
    const big = Buffer.alloc(2 * MEGABYTE, 7);
    const producer = startProducer();
    await producer.send(topic, 0, [record('before'), record(big), record('after')]);
    const got = consume(topic);
    await waitFor(() => got.length === 3, { what: 'three records' });
    expect(got[1]?.value?.equals(big)).toBe(true);
  });

  it('says which record set is too large, and writes the next one', async () => {
    const topic = await newTopic(1);
    const producer = startProducer();
    await producer.send(topic, 0, [record('a')]);
    const tooLarge = producer.send(topic, 0, [record(Buffer.alloc(2 * MEGABYTE))]);
    await expect(tooLarge).rejects.toMatchObject({ name: 'SendError', kind: 'too_large' });
    await producer.send(topic, 0, [record('b')]);
    const got = consume(topic);
    await waitFor(() => got.length === 2, { what: 'the two good records' });
    expect(got.map(({ value }) => value?.toString())).toEqual(['a', 'b']);
  });

  it('gives up in time on a broker that takes the connection and never answers', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const kafka = connectKafka({
      brokers: [`127.0.0.1:${address.port}`],
      clientId: 'test',
      log: () => undefined,
    });
    const producer = createProducer({ kafka, timeoutMs: 300 });
    const started = performance.now();
    await expect(producer.send('otp.requested', 0, numbered(1))).rejects.toMatchObject({ kind: 'timeout' });
    await expect(producer.partitionCount('otp.requested')).rejects.toMatchObject({ kind: 'timeout' });
    await producer.close();
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});
