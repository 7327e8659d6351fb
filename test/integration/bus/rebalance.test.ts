import { expect, it } from 'vitest';
import { lag } from '../../../src/bus/lag.js';
import type { BusRecord } from '../../../src/bus/record.js';
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

const PARTITIONS = 4;
const ROUNDS = 25;
const PER_ROUND = 20;

it('loses nothing and commits nothing backwards while members come and go', async () => {
  const topic = await newTopic(PARTITIONS);
  const groupId = newName('group');
  const producer = startProducer();
  const got: BusRecord[] = [];
  const member = () =>
    startConsumer({
      groupId,
      topics: [topic],
      maxRecords: 5,
      handle: async (records) => {
        got.push(...records);
        return { kind: 'stored' };
      },
    });

  const first = member();
  await first.joined;
  const watch = watchCommits(groupId, topic);
  for (let round = 0; round < ROUNDS; round++) {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      await producer.send(topic, partition, numbered(PER_ROUND, round * PER_ROUND));
    }
    if (round === 5) await member().joined;
    if (round === 15) {
      const third = member();
      await third.joined;
      expect(await first.stop(5_000)).toBe('left');
    }
  }
  await untilRead(groupId, [topic]);
  await watch.stop();

  const expected = Array.from({ length: ROUNDS * PER_ROUND }, (_, index) => index);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const values = got.filter((each) => each.partition === partition).map(({ value }) => Number(value));
    expect([...new Set(values)].sort((a, b) => a - b)).toEqual(expected);
  }
  expect(watch.looks()).toBeGreaterThan(10);
  expect(watch.backwards).toEqual([]);
});

/** Looks at the group's committed offsets all the time. */
function watchCommits(groupId: string, topic: string) {
  const kafka = newKafka();
  const highest = new Map<number, bigint>();
  const backwards: string[] = [];
  let looks = 0;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const [now] = await lag(kafka, groupId, [topic]);
      looks++;
      for (const { partition, committed = 0n } of now?.partitions ?? []) {
        const before = highest.get(partition) ?? 0n;
        if (committed < before) backwards.push(`partition ${partition}: ${before} to ${committed}`);
        highest.set(partition, committed);
      }
    }
  })();
  const stop = async () => {
    stopped = true;
    await watching;
  };
  return { stop, backwards, looks: () => looks };
}

it('reads waiting partitions again after a rebalance, whoever has them then', async () => {
  const topic = await newTopic(2);
  const groupId = newName('group');
  const producer = startProducer();
  for (const partition of [0, 1]) await producer.send(topic, partition, numbered(1));
  let full = true;
  const member = () =>
    startConsumer({
      groupId,
      topics: [topic],
      handle: async () => (full ? { kind: 'wait', why: 'store_down', ms: 3_600_000 } : { kind: 'stored' }),
    });
  const first = member();
  await waitFor(() => first.state().waiting.length === 2, { what: 'both partitions to wait' });
  full = false;
  await member().joined;
  await untilRead(groupId, [topic]);
  expect(first.state().waiting).toEqual([]);
});
