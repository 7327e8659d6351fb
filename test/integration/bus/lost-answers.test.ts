import { connect, type Socket } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { expect, inject, it } from 'vitest';
import { createProducer } from '../../../src/bus/producer.js';
import type { BusRecord } from '../../../src/bus/record.js';
import { waitFor } from '../../helpers/wait-for.js';
import { newName, newTopic, record, startConsumer } from './kafka-bench.js';

const PRODUCE = 0;

/** A client whose connections break instead of delivering the answer to a write, while `losing`. */
function forgetfulKafka() {
  const state = { losing: false, lost: 0 };
  const open = (host: string, port: number, onConnect: () => void): Socket => {
    const socket = connect({ host, port }, onConnect);
    const { emit, write } = socket;
    let wrote = false;
    Reflect.set(socket, 'write', (...args: unknown[]) => {
      const [request] = args;
      // The length comes first, then the kind of request.
      if (Buffer.isBuffer(request) && request.readInt16BE(4) === PRODUCE) wrote = true;
      return Reflect.apply(write, socket, args);
    });
    Reflect.set(socket, 'emit', (...args: unknown[]) => {
      if (args[0] !== 'data' || !wrote || !state.losing) return Reflect.apply(emit, socket, args);
      state.lost++;
      socket.destroy(new Error('connection reset'));
      return true;
    });
    return socket;
  };
  const kafka = new Kafka({
    brokers: (inject('stackVariables')['KAFKA_BROKERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 200 },
    socketFactory: ({ host, port, onConnect }) => open(host, port, onConnect),
  });
  return { kafka, state };
}

it('writes what it acknowledges, also after a send that was written but never answered', async () => {
  const topic = await newTopic(1);
  const { kafka, state } = forgetfulKafka();
  const producer = createProducer({ kafka });
  await producer.send(topic, 0, [record('first')]);
  state.losing = true;
  await expect(producer.send(topic, 0, [record('unanswered')])).rejects.toMatchObject({ name: 'SendError' });
  expect(state.lost).toBeGreaterThan(0);
  state.losing = false;
  await producer.send(topic, 0, [record('third')]);

  const got: BusRecord[] = [];
  startConsumer({
    groupId: newName('group'),
    topics: [topic],
    handle: async (records) => {
      got.push(...records);
      return { kind: 'stored' };
    },
  });
  await waitFor(() => got.length === 3, { what: 'three records' });
  await producer.close();
  expect(got.map(({ value }) => value?.toString())).toEqual(['first', 'unanswered', 'third']);
});
