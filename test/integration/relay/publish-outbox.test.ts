import type { Kafka } from 'kafkajs';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { partitionFor } from '../../../src/bus/partition-for.js';
import type { Producer } from '../../../src/bus/producer.js';
import { SendError } from '../../../src/bus/send-error.js';
import { createTopics } from '../../../src/bus/topics.js';
import type { ReachCheckpoint } from '../../../src/domain/checkpoint.js';
import type { OutboxMessage } from '../../../src/domain/outbox-message.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { type PublishOptions, publishOutbox } from '../../../src/relay/publish-outbox.js';
import { startRelay } from '../../../src/relay/relay.js';
import { inTransaction } from '../../../src/store/database.js';
import { insertOutbox } from '../../../src/store/insert-outbox.js';
import { lockOutbox } from '../../../src/store/outbox.js';
import { waitFor } from '../../helpers/wait-for.js';
import { newKafka, newName, startProducer } from '../bus/kafka-bench.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();
const PREFIX = `${newName('relay')}.`;
const KEYS = ['ann', 'ben', 'cleo', 'dan'];

async function newStatusTopic(): Promise<string> {
  const topic = newName('status');
  const spec = {
    name: `${PREFIX}${topic}`,
    partitions: 3,
    cleanup: 'delete' as const,
    retentionMs: 3_600_000,
  };
  await createTopics(newKafka(), [spec]);
  return topic;
}

const optionsWith = (reach: ReachCheckpoint = () => {}): PublishOptions => ({
  database: store.database,
  producer: startProducer(),
  topicPrefix: PREFIX,
  schemaId: async () => 1,
  metrics: createMetrics(),
  log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
  reach,
});

const message = (topic: string, n: number): OutboxMessage => ({
  topic,
  key: Buffer.from(KEYS[n % KEYS.length] ?? ''),
  value: Buffer.from(String(n)),
  subject: null,
  headers: {},
});

const put = (topic: string, count: number, from = 0) =>
  insertOutbox(
    store.database,
    Array.from({ length: count }, (_, n) => message(topic, from + n)),
  );

async function left(): Promise<number> {
  const rows = await store.database.rows(
    'SELECT count(*)::integer AS n FROM communications_outbox',
    [],
    z.object({ n: z.number() }),
  );
  return rows[0]?.n ?? 0;
}

/** Figures by key, in the order in which a reader of its own sees them, until it has seen so many, or so many different ones. */
async function read(
  topic: string,
  count: number,
  counting: 'all' | 'different' = 'all',
): Promise<Map<string, number[]>> {
  const kafka: Kafka = newKafka();
  const consumer = kafka.consumer({ groupId: newName('reader'), maxWaitTimeInMs: 50 });
  onTestFinished(() => consumer.disconnect());
  const byKey = new Map<string, number[]>();
  const seen: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [`${PREFIX}${topic}`], fromBeginning: true });
  await consumer.run({
    async eachMessage({ message: { key, value } }) {
      const name = String(key);
      byKey.set(name, [...(byKey.get(name) ?? []), Number(value)]);
      seen.push(String(value));
    },
  });
  const enough = () => (counting === 'all' ? seen.length : new Set(seen).size) >= count;
  await waitFor(enough, { what: `${count} records of ${topic}`, timeoutMs: 30_000 });
  return byKey;
}

const figures = (key: string, count: number) =>
  Array.from({ length: count }, (_, n) => n).filter((n) => KEYS[n % KEYS.length] === key);
const firstsOf = (seen: readonly number[] = []) => [...new Set(seen)];

beforeEach(async () => void (await store.database.run('DELETE FROM communications_outbox')));

describe('the outbox', () => {
  it('is published in order by key, chunk by chunk, and is empty then', async () => {
    const topic = await newStatusTopic();
    await put(topic, 1_200);
    const options = optionsWith();
    const results = [];
    for (let n = 0; n < 3; n++) results.push(await publishOutbox(topic, options));
    expect(
      results.map((result) => (result.kind === 'done' ? [result.published, result.more] : 'busy')),
    ).toEqual([
      [500, true],
      [500, true],
      [200, false],
    ]);
    expect(await left()).toBe(0);
    const seen = await read(topic, 1_200);
    for (const key of KEYS) expect(seen.get(key)).toEqual(figures(key, 1_200));
  });

  it('is published by one at a time, so that nobody overtakes', async () => {
    const topic = await newStatusTopic();
    await put(topic, 10);
    await inTransaction(store.database, async (tx) => {
      expect(await lockOutbox(tx)).toBe(true);
      expect(await publishOutbox(topic, optionsWith())).toEqual({ kind: 'busy' });
    });
    expect(await left()).toBe(10);
  });

  it('is published in order by two relays, while it is being filled and one of them keeps failing', async () => {
    const topic = await newStatusTopic();
    let reached = 0;
    const failing = optionsWith((checkpoint) => {
      if (checkpoint === 'published' && reached++ % 2 === 0) throw new Error('as if it had crashed');
    });
    const relays = [optionsWith(), failing].map((options) =>
      startRelay({ ...options, topics: [topic], unhurriedTopics: [], onDegraded: () => {} }),
    );
    try {
      for (let from = 0; from < 600; from += 60) {
        await put(topic, 60, from);
        for (const relay of relays) relay.wake();
      }
      await waitFor(
        async () => {
          for (const relay of relays) relay.wake();
          return (await left()) === 0;
        },
        { what: 'an empty outbox', timeoutMs: 30_000 },
      );
    } finally {
      await Promise.all(relays.map((relay) => relay.stop(5_000)));
    }
    // Whatever the failing one published came again, so that 600 may be read before all are.
    const seen = await read(topic, 600, 'different');
    for (const key of KEYS) expect(firstsOf(seen.get(key))).toEqual(figures(key, 600));
  });

  it('keeps what was published but not deleted, and publishes the same again', async () => {
    const topic = await newStatusTopic();
    await put(topic, 4);
    const crashing = optionsWith((checkpoint) => {
      if (checkpoint === 'published') throw new Error('as if it had crashed');
    });
    await expect(publishOutbox(topic, crashing)).rejects.toThrow('as if it had crashed');
    expect(await left()).toBe(4);
    await publishOutbox(topic, optionsWith());
    expect(await left()).toBe(0);
    const seen = await read(topic, 8);
    for (const [n, key] of KEYS.entries()) expect(seen.get(key)).toEqual([n, n]);
  });

  it('waits for a topic that is missing, and for nothing else', async () => {
    const [missing, there] = [newName('missing'), await newStatusTopic()];
    await put(missing, 2);
    await put(there, 2);
    const faults: (string | null)[] = [];
    const relay = startRelay({
      ...optionsWith(),
      topics: [missing, there],
      unhurriedTopics: [],
      onDegraded: (why) => faults.push(why),
    });
    try {
      await waitFor(async () => (await left()) === 2, { what: 'what has a topic to be published' });
      expect(faults.at(-1)).toContain(`topic ${PREFIX}${missing} does not exist`);
    } finally {
      await relay.stop(5_000);
    }
  });

  it('goes on telling of a missing topic while another instance publishes, and while only others are looked at', async () => {
    const [missing, there] = [newName('missing'), await newStatusTopic()];
    await put(missing, 1);
    const faults: (string | null)[] = [];
    const relay = startRelay({
      ...optionsWith(),
      topics: [there],
      // Looked at in some rounds only.
      unhurriedTopics: [missing],
      onDegraded: (why) => faults.push(why),
    });
    try {
      await waitFor(() => faults.some((why) => why !== null), { what: 'the fault to be told' });
      const more = async () => {
        const before = faults.length;
        await waitFor(
          () => {
            relay.wake();
            return faults.length > before + 3;
          },
          { what: 'more rounds' },
        );
      };
      await more();
      await inTransaction(store.database, async (tx) => {
        await lockOutbox(tx);
        await more();
      });
      expect(faults.slice(faults.findIndex((why) => why !== null))).not.toContain(null);

      const spec = {
        name: `${PREFIX}${missing}`,
        partitions: 3,
        cleanup: 'delete' as const,
        retentionMs: 3_600_000,
      };
      await createTopics(newKafka(), [spec]);
      await waitFor(() => faults.at(-1) === null, { what: 'the fault to be over', timeoutMs: 30_000 });
    } finally {
      await relay.stop(5_000);
    }
  });

  it('does not let a partition that takes nothing hold back those behind it', async () => {
    const topic = await newStatusTopic();
    await put(topic, 1_200);
    const options = optionsWith();
    const stuck = partitionFor(Buffer.from(KEYS[0] ?? ''), 3);
    const producer: Producer = {
      ...options.producer,
      send: (name, partition, records) =>
        partition === stuck
          ? Promise.reject(new SendError('timeout', 'this partition takes nothing'))
          : options.producer.send(name, partition, records),
    };
    const result = await publishOutbox(topic, { ...options, producer });
    expect(result).toMatchObject({ fault: 'this partition takes nothing', more: false });
    const held = KEYS.filter((key) => partitionFor(Buffer.from(key), 3) === stuck);
    expect(await left()).toBe(held.flatMap((key) => figures(key, 1_200)).length);
  });

  it('loses nothing while the schema registry is away', async () => {
    const topic = await newStatusTopic();
    await insertOutbox(store.database, [{ ...message(topic, 1), subject: 'some-value' }]);
    const options = optionsWith();
    const away = { ...options, schemaId: async () => Promise.reject(new Error('no registry')) };
    expect(await publishOutbox(topic, away)).toMatchObject({ published: 0, fault: 'no registry' });
    expect(await left()).toBe(1);
    expect(await publishOutbox(topic, options)).toMatchObject({ published: 1, fault: null });
  });
});
