import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { BusRecord } from './record.js';

/** A header that comes more than once keeps its first value; one with a null value is left out. */
export function toBusRecord(topic: string, partition: number, message: KafkaMessage): BusRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: firstValues(message.headers ?? {}),
  };
}

function firstValues(headers: IHeaders): Record<string, Buffer> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, values]): [string, Buffer][] => {
      const first = Array.isArray(values) ? values[0] : values;
      if (first === undefined || first === null) return [];
      return [[name, typeof first === 'string' ? Buffer.from(first) : first]];
    }),
  );
}
