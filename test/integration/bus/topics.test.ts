import { describe, expect, it, onTestFinished } from 'vitest';
import { lag } from '../../../src/bus/lag.js';
import { createTopicGate } from '../../../src/bus/topic-gate.js';
import { createTopics } from '../../../src/bus/topics.js';
import { withAdmin } from '../../../src/bus/with-admin.js';
import { waitFor } from '../../helpers/wait-for.js';
import {
  newKafka,
  newName,
  newTopic,
  numbered,
  startConsumer,
  startProducer,
  untilRead,
} from './kafka-bench.js';

const DAY_MS = 86_400_000;

describe('createTopics', () => {
  it('creates what is missing, and the second time finds nothing to do', async () => {
    const kafka = newKafka();
    const specs = [
      { name: newName('otp'), partitions: 6, cleanup: 'delete', retentionMs: DAY_MS },
      { name: newName('profile'), partitions: 3, cleanup: 'compact', retentionMs: 7 * DAY_MS },
    ] as const;
    const names = specs.map(({ name }) => name);
    expect(await createTopics(kafka, specs)).toEqual(
      names.map((name) => ({ name, created: true, differences: [] })),
    );
    expect(await createTopics(kafka, specs)).toEqual(
      names.map((name) => ({ name, created: false, differences: [] })),
    );
  });

  it('tells of topics that take records at once, by whoever tries only once', async () => {
    const kafka = newKafka();
    const specs = Array.from(
      { length: 10 },
      () => ({ name: newName('many'), partitions: 12, cleanup: 'delete', retentionMs: DAY_MS }) as const,
    );
    const producer = kafka.producer({ retry: { retries: 0 } });
    onTestFinished(() => producer.disconnect());
    await producer.connect();
    await createTopics(kafka, specs);
    const written = await producer.sendBatch({
      topicMessages: specs.map(({ name, partitions }) => ({
        topic: name,
        messages: Array.from({ length: partitions }, (_, partition) => ({ value: 'first', partition })),
      })),
    });
    expect(written.map(({ baseOffset }) => baseOffset)).toEqual(Array.from({ length: 120 }, () => '0'));
  });

  it('reports how an existing topic differs, and changes nothing', async () => {
    const kafka = newKafka();
    const spec = { name: newName('otp'), partitions: 2, cleanup: 'delete', retentionMs: DAY_MS } as const;
    await createTopics(kafka, [spec]);
    const wanted = { ...spec, partitions: 6, retentionMs: 7 * DAY_MS };
    const expected = [
      {
        name: spec.name,
        created: false,
        differences: [
          { setting: 'partitions', wanted: '6', found: '2' },
          { setting: 'retention.ms', wanted: '604800000', found: '86400000' },
        ],
      },
    ];
    expect(await createTopics(kafka, [wanted])).toEqual(expected);
    expect(await createTopics(kafka, [wanted])).toEqual(expected);
    expect(await createTopics(kafka, [{ ...spec, cleanup: 'compact' }])).toMatchObject([
      { differences: [{ setting: 'cleanup.policy', wanted: 'compact', found: 'delete' }] },
    ]);
  });
});

describe('lag', () => {
  it('counts what a group has not committed, and names missing topics', async () => {
    const topic = await newTopic(2);
    const missing = newName('missing');
    const groupId = newName('group');
    const producer = startProducer();
    await producer.send(topic, 0, numbered(5));
    const [before, nothing] = await lag(newKafka(), groupId, [topic, missing]);
    expect(before).toMatchObject({ topic, missing: false, lag: 5n });
    expect(before?.partitions.map(({ committed }) => committed)).toEqual([undefined, undefined]);
    expect(nothing).toEqual({ topic: missing, missing: true, partitions: [], lag: 0n });

    const consumer = startConsumer({ groupId, topics: [topic], handle: async () => ({ kind: 'stored' }) });
    await untilRead(groupId, [topic]);
    await consumer.stop(5_000);
    await producer.send(topic, 0, numbered(2));
    const [after] = await lag(newKafka(), groupId, [topic]);
    expect(after?.lag).toBe(2n);
    expect(after?.partitions.find(({ partition }) => partition === 0)?.committed).toBe(5n);
  });
});

describe('topic gate', () => {
  it('opens when the group has read what was there at the first look', async () => {
    const topic = await newTopic(2);
    const groupId = newName('group');
    const producer = startProducer();
    await producer.send(topic, 0, numbered(3));
    await producer.send(topic, 1, numbered(4));
    const gate = createTopicGate({
      kafka: newKafka(),
      groupId,
      topics: [topic],
      log: () => undefined,
      pollMs: 50,
    });
    expect(await gate.look()).toEqual({ open: false, remaining: 7n, missingTopics: [] });
    const opened = gate.opened();
    let stored = 0;
    startConsumer({
      groupId,
      topics: [topic],
      handle: async (records, { partition }) => {
        // What comes after the first look doesn't keep the gate shut.
        if (partition === 1 && records.some(({ offset }) => offset >= 4n)) {
          return { kind: 'wait', why: 'held', ms: 60_000 };
        }
        stored += records.length;
        return { kind: 'stored' };
      },
    });
    await opened;
    expect(stored).toBe(7);
    await producer.send(topic, 1, numbered(1));
    expect(await gate.look()).toMatchObject({ open: true, remaining: 0n });
  });

  it('is open for an empty topic and for a missing one, which it names', async () => {
    const empty = await newTopic(1);
    const missing = newName('missing');
    const gate = createTopicGate({
      kafka: newKafka(),
      groupId: newName('group'),
      topics: [empty, missing],
      log: () => undefined,
    });
    expect(await gate.opened()).toEqual({ open: true, remaining: 0n, missingTopics: [missing] });
  });

  it('is open where all records have been deleted', async () => {
    const topic = await newTopic(1);
    await startProducer().send(topic, 0, numbered(3));
    const kafka = newKafka();
    await withAdmin(kafka, async (admin) => {
      // deleteTopicRecords finds the leader only of a topic that was asked for before.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    });
    const gate = createTopicGate({ kafka, groupId: newName('group'), topics: [topic], log: () => undefined });
    expect((await gate.look()).open).toBe(true);
  });

  it('opens behind an aborted transaction, whose records nobody is given', async () => {
    const topic = await newTopic(1);
    const groupId = newName('group');
    const kafka = newKafka();
    const producer = kafka.producer({
      transactionalId: newName('tx'),
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'never mind' }] });
    await transaction.abort();
    await producer.disconnect();
    // The record and the marker that ends the transaction, which is written a moment later.
    await waitFor(async () => (await lag(kafka, groupId, [topic]))[0]?.lag === 2n, {
      what: 'the abort marker',
    });
    const gate = createTopicGate({ kafka, groupId, topics: [topic], log: () => undefined, pollMs: 50 });
    expect(await gate.look()).toMatchObject({ open: false, remaining: 2n });
    startConsumer({ groupId, topics: [topic], handle: async () => ({ kind: 'stored' }) });
    await gate.opened(AbortSignal.timeout(10_000));
  });

  it('gives up when its signal aborts', async () => {
    const topic = await newTopic(1);
    await startProducer().send(topic, 0, numbered(1));
    const gate = createTopicGate({
      kafka: newKafka(),
      groupId: newName('group'),
      topics: [topic],
      log: () => undefined,
    });
    await expect(gate.opened(AbortSignal.timeout(100))).rejects.toThrow();
  });
});
