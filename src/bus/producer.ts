import type { Kafka } from 'kafkajs';
import { createPartitionCounts } from './partition-counts.js';
import type { OutgoingRecord } from './record.js';
import { SendError, toSendError } from './send-error.js';
import { openWriter, type Writer } from './writer.js';

export interface ProducerOptions {
  readonly kafka: Kafka;
  /** The most time one send or question may take, retries included; 10 s. */
  readonly timeoutMs?: number;
}

export interface Producer {
  /**
   * Acknowledged by all in-sync replicas, in order; sends to one partition wait for each other.
   * Throws SendError, after which some or all of the records may have been written nevertheless.
   */
  send(topic: string, partition: number, records: readonly OutgoingRecord[]): Promise<void>;
  /** Undefined if the topic doesn't exist. Throws SendError. */
  partitionCount(topic: string): Promise<number | undefined>;
  close(): Promise<void>;
}

/**
 * Connects at the first send. One partition per send: kafkajs loses acknowledged records of a send over several
 * when a leader moves.
 */
export function createProducer({ kafka, timeoutMs = 10_000 }: ProducerOptions): Producer {
  const counts = createPartitionCounts(kafka);
  const queues = new Map<string, Promise<void>>();
  let writer: Writer | undefined;

  async function send(topic: string, partition: number, records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    const key = `${topic}/${partition}`;
    const turn = (queues.get(key) ?? Promise.resolve()).then(() => write(topic, partition, records));
    const settled = turn.catch(() => undefined);
    queues.set(key, settled);
    try {
      await turn;
    } finally {
      if (queues.get(key) === settled) queues.delete(key);
    }
  }

  async function write(topic: string, partition: number, records: readonly OutgoingRecord[]): Promise<void> {
    try {
      await limited(`${topic}/${partition}`, writeToExisting(topic, partition, records));
    } catch (error) {
      if (error instanceof SendError && error.kind === 'unknown_topic') counts.forget(topic);
      retire(writer);
      throw error;
    }
  }

  async function writeToExisting(
    topic: string,
    partition: number,
    records: readonly OutgoingRecord[],
  ): Promise<void> {
    const count = await counts.of(topic);
    // kafkajs would try for 9.8 s.
    if (count === undefined || partition >= count) {
      throw new SendError(
        'unknown_topic',
        `${topic}/${partition} doesn't exist; create the topic, then send again`,
      );
    }
    writer ??= openWriter(kafka);
    await writer.write(topic, partition, records);
  }

  /**
   * kafkajs takes back the sequence numbers of a send that failed, though the broker may have written it. Under
   * the same producer id the next send then passes for a duplicate: acknowledged and not written (reproduced).
   */
  function retire(failed: Writer | undefined): void {
    writer = undefined;
    // Its connections are gone either way.
    failed?.close().catch(() => undefined);
  }

  async function limited<T>(where: string, work: Promise<T>): Promise<T> {
    const why = `${where} did not answer within ${timeoutMs} ms; try again`;
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      limit = setTimeout(() => reject(new SendError('timeout', why)), timeoutMs);
    });
    try {
      return await Promise.race([work, late]);
    } catch (thrown) {
      throw toSendError(thrown, where);
    } finally {
      clearTimeout(limit);
    }
  }

  async function close(): Promise<void> {
    await Promise.all(queues.values());
    const last = writer;
    writer = undefined;
    await last?.close();
  }

  return { send, partitionCount: (topic) => limited(topic, counts.of(topic)), close };
}
