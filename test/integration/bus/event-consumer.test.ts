import { describe, expect, it } from 'vitest';
import type { BusRecord } from '../../../src/bus/record.js';
import { deferred } from '../../../src/domain/deferred.js';
import { waitFor } from '../../helpers/wait-for.js';
import {
  createTopic,
  newName,
  newTopic,
  numbered,
  record,
  startConsumer,
  startProducer,
  untilRead,
} from './kafka-bench.js';

const valuesOf = (records: readonly BusRecord[], partition: number) =>
  records.filter((each) => each.partition === partition).map(({ value }) => Number(value));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('event consumer', () => {
  it('hands over every record once, in order, in chunks of one partition, and commits', async () => {
    const topic = await newTopic(3);
    const groupId = newName('group');
    const producer = startProducer();
    for (const partition of [0, 1, 2]) await producer.send(topic, partition, numbered(700));
    const got: BusRecord[] = [];
    const chunks: number[] = [];
    const consumer = startConsumer({
      groupId,
      topics: [topic],
      maxRecords: 100,
      handle: async (records, { partition }) => {
        chunks.push(records.length);
        expect(new Set(records.map((each) => each.partition))).toEqual(new Set([partition]));
        got.push(...records);
        return { kind: 'stored' };
      },
    });
    await untilRead(groupId, [topic]);
    for (const partition of [0, 1, 2]) expect(valuesOf(got, partition)).toEqual(upTo(700));
    expect(Math.max(...chunks)).toBe(100);
    expect(consumer.state()).toMatchObject({ phase: 'running', joined: true, restarts: 0, handleErrors: 0 });
    expect(consumer.state().assigned).toHaveLength(3);
    expect(await consumer.stop(5_000)).toBe('left');

    const again: BusRecord[] = [];
    const second = startConsumer({
      groupId,
      topics: [topic],
      handle: async (records) => {
        again.push(...records);
        return { kind: 'stored' };
      },
    });
    await second.joined;
    await producer.send(topic, 0, [record('700')]);
    await waitFor(() => again.length > 0, { what: 'the record after the restart' });
    expect(valuesOf(again, 0)).toEqual([700]);
    expect(again).toHaveLength(1);
  });

  it('survives a TypeError in the handler: the partition is read again, the others go on', async () => {
    const topic = await newTopic(2);
    const groupId = newName('group');
    const producer = startProducer();
    let broken = true;
    const got: BusRecord[] = [];
    const errors: unknown[] = [];
    const consumer = startConsumer({
      groupId,
      topics: [topic],
      onHandleError: (error) => {
        errors.push(error);
        throw new RangeError('and the observer is broken too');
      },
      handle: async (records, { partition }) => {
        if (partition === 0 && broken) throw new TypeError('x is not a function');
        got.push(...records);
        return { kind: 'stored' };
      },
    });
    await producer.send(topic, 0, numbered(3));
    await waitFor(() => consumer.state().handleErrors >= 2, {
      what: 'the poisoned partition to be tried again',
    });
    await producer.send(topic, 1, numbered(3));
    await waitFor(() => got.length === 3, { what: 'the other partition' });
    expect(valuesOf(got, 1)).toEqual([0, 1, 2]);
    broken = false;
    consumer.wake();
    await untilRead(groupId, [topic]);
    expect(valuesOf(got, 0)).toEqual([0, 1, 2]);
    expect(consumer.state().restarts).toBe(0);
    expect(consumer.deaths).toEqual([]);
    expect(errors[0]).toBeInstanceOf(TypeError);
  });

  it('reads the same records again after a wait, and at once when woken, while other partitions go on', async () => {
    const topic = await newTopic(2);
    const groupId = newName('group');
    const producer = startProducer();
    let full = true;
    const offered: string[] = [];
    const stored: BusRecord[] = [];
    const consumer = startConsumer({
      groupId,
      topics: [topic],
      handle: async (records, { partition }) => {
        if (partition === 0) offered.push(records.map(({ value }) => value?.toString()).join());
        if (partition === 0 && full) {
          return { kind: 'wait', why: 'store_down', ms: offered.length === 1 ? 50 : 3_600_000 };
        }
        stored.push(...records);
        return { kind: 'stored' };
      },
    });
    await producer.send(topic, 0, numbered(3));
    await waitFor(() => offered.length === 2, { what: 'the second offer, after 50 ms' });
    await producer.send(topic, 1, numbered(2));
    await waitFor(() => stored.length === 2, { what: 'the other partition' });
    expect(consumer.state().waiting).toMatchObject([{ topic, partition: 0, why: 'store_down' }]);
    full = false;
    consumer.wake();
    await untilRead(groupId, [topic]);
    expect(offered).toEqual(['0,1,2', '0,1,2', '0,1,2']);
    expect(valuesOf(stored, 0)).toEqual([0, 1, 2]);
    expect(consumer.state().waiting).toEqual([]);
  });

  it('commits the part of a chunk that is safe, and offers only the rest again', async () => {
    const topic = await newTopic(1);
    const groupId = newName('group');
    let full = true;
    const offered: string[] = [];
    const consumer = startConsumer({
      groupId,
      topics: [topic],
      handle: async (records) => {
        offered.push(records.map(({ value }) => value?.toString()).join());
        return full ? { kind: 'wait', why: 'registry_down', ms: 3_600_000, stored: 2 } : { kind: 'stored' };
      },
    });
    await startProducer().send(topic, 0, numbered(3));
    await waitFor(() => consumer.state().waiting.length === 1, { what: 'the wait' });
    full = false;
    consumer.wake();
    await untilRead(groupId, [topic]);
    expect(offered).toEqual(['0,1,2', '2']);
  });

  it('finishes and commits the running chunk when stopped', async () => {
    const topic = await newTopic(1);
    const groupId = newName('group');
    const running = deferred<void>();
    const release = deferred<void>();
    const sizes: number[] = [];
    const consumer = startConsumer({
      groupId,
      topics: [topic],
      maxRecords: 10,
      handle: async (records) => {
        sizes.push(records.length);
        running.resolve();
        await release.promise;
        return { kind: 'stored' };
      },
    });
    await startProducer().send(topic, 0, numbered(30));
    await running.promise;
    const stopped = consumer.stop(5_000);
    release.resolve();
    expect(await stopped).toBe('left');
    expect(sizes).toEqual([10]);
    expect(consumer.state().phase).toBe('stopped');

    const rest: BusRecord[] = [];
    startConsumer({
      groupId,
      topics: [topic],
      handle: async (records) => {
        rest.push(...records);
        return { kind: 'stored' };
      },
    });
    await untilRead(groupId, [topic]);
    expect(valuesOf(rest, 0)).toEqual(upTo(30).slice(10));
  });

  it('gives up on a hanging handler after the limit, and commits nothing of it', async () => {
    const topic = await newTopic(1);
    const groupId = newName('group');
    const running = deferred<void>();
    const release = deferred<void>();
    const consumer = startConsumer({
      groupId,
      topics: [topic],
      handle: async () => {
        running.resolve();
        await release.promise;
        return { kind: 'stored' };
      },
    });
    await startProducer().send(topic, 0, numbered(1));
    await running.promise;
    expect(await consumer.stop(100)).toBe('abandoned');
    release.resolve();

    const got: BusRecord[] = [];
    startConsumer({
      groupId,
      topics: [topic],
      handle: async (records) => {
        got.push(...records);
        return { kind: 'stored' };
      },
    });
    await waitFor(() => got.length === 1, { what: 'the record that was not stored', timeoutMs: 15_000 });
  });

  it('reports a missing topic, reads the others, and joins it when it appears', async () => {
    const present = await newTopic(1);
    const late = newName('late');
    const groupId = newName('group');
    const producer = startProducer();
    const got: BusRecord[] = [];
    const consumer = startConsumer({
      groupId,
      topics: [present, late],
      missingTopicsMs: 200,
      handle: async (records) => {
        got.push(...records);
        return { kind: 'stored' };
      },
    });
    await consumer.joined;
    expect(consumer.state().missingTopics).toEqual([late]);
    await producer.send(present, 0, [record('1')]);
    await waitFor(() => got.length === 1, { what: 'the topic that exists' });
    await createTopic(late, 1);
    const lateProducer = startProducer();
    await waitFor(() => consumer.state().assigned.some(({ topic }) => topic === late), {
      what: 'the late topic',
    });
    await lateProducer.send(late, 0, [record('2')]);
    await untilRead(groupId, [present, late]);
    expect(got.map(({ topic, value }) => [topic, value?.toString()])).toEqual([
      [present, '1'],
      [late, '2'],
    ]);
    expect(consumer.state().missingTopics).toEqual([]);
    expect(consumer.deaths).toEqual([]);
  });

  it('waits for its first topic when none exists', async () => {
    const late = newName('late');
    const consumer = startConsumer({
      groupId: newName('group'),
      topics: [late],
      missingTopicsMs: 100,
      handle: async () => ({ kind: 'stored' }),
    });
    await consumer.joined;
    expect(consumer.state()).toMatchObject({ phase: 'no_topics', joined: false, missingTopics: [late] });
    await createTopic(late, 1);
    await waitFor(() => consumer.state().joined, { what: 'the group to be joined', timeoutMs: 20_000 });
    expect(consumer.state()).toMatchObject({ phase: 'running', missingTopics: [] });
  });

  it('rejects the join when it is stopped before', async () => {
    const consumer = startConsumer({
      groupId: newName('group'),
      topics: [newName('late')],
      handle: async () => ({ kind: 'stored' }),
    });
    expect(await consumer.stop(5_000)).toBe('left');
    await expect(consumer.joined).rejects.toThrow(/ended before it joined/);
  });

  it('replaces its client when nothing comes through for too long', async () => {
    const topic = await newTopic(1);
    const groupId = newName('group');
    const got: BusRecord[] = [];
    const consumer = startConsumer({
      groupId,
      topics: [topic],
      // An idle fetch takes 250 ms, so every client seems to hang.
      stallMs: 150,
      handle: async (records) => {
        got.push(...records);
        return { kind: 'stored' };
      },
    });
    await startProducer().send(topic, 0, numbered(3));
    await untilRead(groupId, [topic]);
    await waitFor(() => consumer.state().restarts >= 2, { what: 'two replacements' });
    expect([...new Set(valuesOf(got, 0))]).toEqual([0, 1, 2]);
    expect(consumer.deaths).toEqual([]);
  });

  it('reports its death once when the broker will never let it in', async () => {
    const topic = await newTopic(1);
    const consumer = startConsumer({
      groupId: newName('group'),
      topics: [topic],
      // Brokers allow no less than 6000.
      sessionTimeoutMs: 1_000,
      handle: async () => ({ kind: 'stored' }),
    });
    await expect(consumer.joined).rejects.toThrow(/ended before it joined/);
    expect(consumer.state().phase).toBe('dead');
    expect(consumer.deaths.map(({ message }) => message)).toEqual([
      expect.stringMatching(/session timeout/i),
    ]);
    expect(await consumer.stop(1_000)).toBe('left');
  });
});
