import { once } from 'node:events';
import { createServer } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRange } from '../../../src/bus/read-range.js';
import type { BusRecord } from '../../../src/bus/record.js';
import { findRange, type WantedRange } from '../../../src/bus/topic-range.js';
import { withAdmin } from '../../../src/bus/with-admin.js';
import { newKafka, newName, newTopic, numbered, startProducer } from './kafka-bench.js';

const T0 = Date.parse('2026-03-09T05:00:00Z');
const EVERYTHING: WantedRange = { from: { kind: 'offset', offset: 0n }, to: null, partition: null };

async function read(
  topic: string,
  wanted: Partial<WantedRange>,
  handle: (records: readonly BusRecord[]) => Promise<void> = async () => undefined,
) {
  const kafka = newKafka();
  const found = await findRange(kafka, topic, { ...EVERYTHING, ...wanted });
  const groupId = newName('reader');
  const all: BusRecord[] = [];
  try {
    await readRange({
      ...{ kafka, topic, groupId, maxRecords: 3 },
      parts: found?.parts ?? [],
      handle: async (records) => {
        expect(records.length).toBeLessThanOrEqual(3);
        all.push(...records);
        await handle(records);
      },
    });
  } finally {
    expect(await groupsNamed(kafka, groupId), 'no group is left').toEqual([]);
  }
  return all
    .map(({ partition, offset, value }) => ({ partition, offset, value: value?.toString() }))
    .sort((one, other) => one.partition - other.partition || Number(one.offset - other.offset));
}

const groupsNamed = (kafka: Kafka, prefix: string) =>
  withAdmin(kafka, async (admin) => {
    const { groups } = await admin.listGroups();
    return groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix));
  });

const values = async (...args: Parameters<typeof read>) => (await read(...args)).map(({ value }) => value);

describe('a range', () => {
  it('is read once, from the first offset to the last one named', async () => {
    const topic = await newTopic(2);
    const producer = startProducer();
    await producer.send(topic, 0, numbered(10));
    await producer.send(topic, 1, numbered(4, 100));
    expect(await read(topic, {})).toHaveLength(14);
    const offsets = (from: bigint, to: bigint, partition: number) =>
      values(topic, {
        from: { kind: 'offset', offset: from },
        to: { kind: 'offset', offset: to },
        partition,
      });
    expect(await offsets(2n, 6n, 0)).toEqual(['2', '3', '4', '5', '6']);
    expect(await offsets(3n, 3n, 1)).toEqual(['103']);
    expect(await offsets(4n, 99n, 1)).toEqual([]);
    expect(await offsets(5n, 2n, 0)).toEqual([]);
  });

  it('by time begins with the first record of that time, and ends before the other', async () => {
    const topic = await newTopic(1);
    const producer = newKafka().producer();
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    const messages = [0, 1, 2, 3].map((hour) => ({
      value: String(hour),
      timestamp: String(T0 + hour * 3_600_000),
    }));
    await producer.send({ topic, messages });
    const at = (hour: number) => ({ kind: 'time', at: new Date(T0 + hour * 3_600_000) }) as const;
    expect(await values(topic, { from: at(1), to: at(3) })).toEqual(['1', '2']);
    expect(await values(topic, { from: at(1.5), to: at(9) })).toEqual(['2', '3']);
    expect(await values(topic, { from: at(4) })).toEqual([]);
  });

  it('ends behind what is never handed over, and leaves out what was aborted', async () => {
    const topic = await newTopic(1);
    const producer = newKafka().producer({
      idempotent: true,
      maxInFlightRequests: 1,
      transactionalId: newName('transaction'),
    });
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    for (const end of ['commit', 'abort'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: end }] });
      await transaction[end]();
    }
    expect(await values(topic, {})).toEqual(['commit']);
  });

  it('ends before what a transaction has not decided on yet', async () => {
    const topic = await newTopic(1);
    await startProducer().send(topic, 0, numbered(2));
    const producer = newKafka().producer({ idempotent: true, transactionalId: newName('open') });
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    const transaction = await producer.transaction();
    onTestFinished(() => transaction.abort());
    await transaction.send({ topic, messages: [{ value: 'perhaps' }] });
    expect(await values(topic, {})).toEqual(['0', '1']);
  });

  it('is given up, with the place, where nothing more is handed out', async () => {
    const topic = await newTopic(1);
    await startProducer().send(topic, 0, numbered(2));
    const reading = readRange({
      ...{ kafka: newKafka(), topic, groupId: newName('reader'), maxRecords: 3, stallMs: 1_500 },
      parts: [{ partition: 0, from: 0n, to: 5n, first: 0n }],
      handle: async () => undefined,
    });
    await expect(reading).rejects.toThrow(/nothing more of .* for 1\.5 s: partition 0 at offset 2/);
  });

  it('is given up where Kafka takes connections and says nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const kafka = new Kafka({
      brokers: [`127.0.0.1:${port}`],
      logLevel: logLevel.NOTHING,
      requestTimeout: 4_000,
      retry: { retries: 0 },
    });
    const reading = readRange({
      ...{ kafka, topic: newName('topic'), groupId: newName('reader'), maxRecords: 3, stallMs: 500 },
      parts: [{ partition: 0, from: 0n, to: 5n, first: 0n }],
      handle: async () => undefined,
    });
    await expect(reading).rejects.toThrow();
  });

  it('of a topic that is not there, or a partition, has no parts', async () => {
    expect(await findRange(newKafka(), newName('missing'), EVERYTHING)).toBeUndefined();
    expect(await findRange(newKafka(), await newTopic(2), { ...EVERYTHING, partition: 2 })).toEqual({
      partitions: 2,
      parts: [],
    });
  });

  it('ends with the first chunk that can not be handled', async () => {
    const topic = await newTopic(1);
    await startProducer().send(topic, 0, numbered(9));
    let chunks = 0;
    const reading = read(topic, {}, async () => {
      chunks += 1;
      if (chunks === 2) throw new Error('the database is away');
    });
    await expect(reading).rejects.toThrow('the database is away');
    expect(chunks).toBe(2);
  });
});
