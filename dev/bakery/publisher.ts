import { randomUUID } from 'node:crypto';
import { type Kafka, Partitioners } from 'kafkajs';
import type { Contracts } from '../../src/contracts/contract.js';
import { encodeBody, frame } from '../../src/contracts/encode.js';
import type { Events } from '../../src/generated/events.js';

export interface EventHeaders {
  /** ce_id; random unless given. */
  readonly id?: string;
  readonly source?: string;
  readonly time?: Date;
  /** ce_subject: the module's own key. */
  readonly subject?: string;
}

export interface RawRecord {
  readonly topic: string;
  readonly key?: string;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly partition?: number;
}

export interface Position {
  /** With prefix. */
  readonly topic: string;
  readonly partition: number;
  /** Of the first of those that were sent to this partition together. */
  readonly offset: number;
}

/** Publishes as a module of the bakery does: with a Kafka client of its own, knowing only topic and contract. */
export interface Publisher {
  /** @returns the event id */
  publish<N extends keyof Events & string>(
    event: N,
    value: Events[N],
    headers?: EventHeaders & { readonly key?: string; readonly partition?: number },
  ): Promise<string>;
  /** The bytes of an event, framed. */
  encode<N extends keyof Events & string>(event: N, value: Events[N]): Buffer;
  /** Any bytes at all. @returns where the broker put them */
  publishRaw(records: readonly RawRecord[]): Promise<readonly Position[]>;
  close(): Promise<void>;
}

export interface PublisherOptions {
  readonly kafka: Kafka;
  readonly contracts: Contracts;
  readonly topicPrefix: string;
  /** Of the registered schema of each event. */
  readonly schemaIds: ReadonlyMap<string, number>;
}

export async function openPublisher({
  kafka,
  contracts,
  topicPrefix,
  schemaIds,
}: PublisherOptions): Promise<Publisher> {
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    // What kafkajs does unless it is told otherwise, as modules have it: some 9 s. Our own clients try for 0.6 s.
    retry: { retries: 5, initialRetryTime: 300, maxRetryTime: 30_000 },
  });
  await producer.connect();

  const encode: Publisher['encode'] = (event, value) => {
    const id = schemaIds.get(event);
    if (id === undefined) throw new Error(`no schema is registered for ${event}`);
    return frame(id, encodeBody(contracts.of(event), value));
  };
  const publishRaw: Publisher['publishRaw'] = async (records) => {
    const written = await producer.sendBatch({
      topicMessages: records.map(({ topic, key, value, headers, partition }) => ({
        topic: `${topicPrefix}${topic}`,
        messages: [
          {
            key: key ?? null,
            value,
            ...(headers && { headers: { ...headers } }),
            ...(partition !== undefined && { partition }),
          },
        ],
      })),
    });
    return written.map(({ topicName, partition, baseOffset }) => ({
      topic: topicName,
      partition,
      offset: Number(baseOffset ?? -1),
    }));
  };

  return {
    encode,
    publishRaw,
    async publish(event, value, { id = randomUUID(), key, partition, ...headers } = {}) {
      await publishRaw([
        {
          topic: event,
          key: key ?? id,
          value: encode(event, value),
          headers: cloudEventHeaders(contracts.of(event).module, event, { id, ...headers }),
          ...(partition !== undefined && { partition }),
        },
      ]);
      return id;
    },
    close: () => producer.disconnect(),
  };
}

/** CloudEvents 1.0, Kafka binary mode. */
export function cloudEventHeaders(
  module: string,
  event: string,
  { id = randomUUID(), source = `/chesanto/${module}`, time = new Date(), subject }: EventHeaders,
): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: source,
    ce_type: event,
    ce_time: time.toISOString(),
    'content-type': 'application/avro',
    ...(subject !== undefined && { ce_subject: subject }),
  };
}
