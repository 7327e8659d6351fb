import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import type { Kafka } from 'kafkajs';
import { z } from 'zod';

const text = z.string();
const status = z.object({
  event_id: text,
  notification_id: text,
  sequence: z.number(),
  status: text,
  settled: z.boolean(),
  reason: text.nullable(),
  channel: text,
  priority: text,
  rule: text,
  template: text,
  template_version: z.number(),
  provider: text.nullable(),
  provider_message_id: text.nullable(),
  attempt: z.number(),
  possible_duplicate: z.boolean(),
  recipient_id: text.nullable(),
  recipient_masked: text.nullable(),
  source_event_id: text,
  source_event_type: text,
  source_topic: text,
  source_partition: z.number(),
  source_offset: z.number(),
  source_subject: text.nullable(),
});

/** A DeliveryStatus as a subscriber reads it. */
export type ReadStatus = Readonly<z.infer<typeof status>> & {
  readonly partition: number;
  readonly offset: string;
  readonly headers: Readonly<Record<string, string>>;
};

export interface StatusReader {
  /** Everything read so far, repeats included, in the order of reading. */
  readonly all: readonly ReadStatus[];
  /** Of one source event, first occurrences only. */
  of(sourceEventId: string): ReadStatus[];
  close(): Promise<void>;
}

export interface StatusReaderOptions {
  readonly kafka: Kafka;
  readonly registryUrl: string;
  /** With prefix. */
  readonly topic: string;
  readonly groupId: string;
  readonly onStatus?: (status: ReadStatus) => void;
}

/** Subscribes to delivery statuses as a module does: with the public client libraries, from the beginning. */
export async function openStatusReader(options: StatusReaderOptions): Promise<StatusReader> {
  const registry = new SchemaRegistry({ host: options.registryUrl });
  const consumer = options.kafka.consumer({
    groupId: options.groupId,
    maxWaitTimeInMs: 100,
    sessionTimeout: 10_000,
  });
  const all: ReadStatus[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [options.topic], fromBeginning: true });
  await consumer.run({
    async eachMessage({ message, partition }) {
      const { value, offset, headers = {} } = message;
      if (value === null) return;
      const read = {
        ...status.parse(await registry.decode(value)),
        partition,
        offset,
        headers: Object.fromEntries(Object.entries(headers).map(([name, bytes]) => [name, String(bytes)])),
      };
      all.push(read);
      options.onStatus?.(read);
    },
  });
  return {
    all,
    of(sourceEventId) {
      const seen = new Set<string>();
      return all.filter((one) => {
        if (one.source_event_id !== sourceEventId || seen.has(one.event_id)) return false;
        seen.add(one.event_id);
        return true;
      });
    },
    close: () => consumer.disconnect(),
  };
}
