import { Kafka, type LogEntry, logLevel, type SASLOptions } from 'kafkajs';
import type { BusLog } from './bus-log.js';
import { registerCodecs } from './codecs.js';
import { quietRequestQueue } from './quiet-request-queue.js';
import { tightRecords } from './tight-records.js';

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: boolean;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  readonly log: BusLog;
}

/**
 * A client for one cluster. Opens no connection by itself.
 * Consumers of one group need a client each: kafkajs shares a group's offsets within a client.
 */
export function connectKafka(settings: KafkaSettings): Kafka {
  registerCodecs();
  quietRequestQueue();
  tightRecords();
  return new Kafka({
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    ssl: settings.ssl ?? false,
    ...(settings.sasl === undefined ? {} : { sasl: saslOptions(settings.sasl) }),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    // Few and short: when a coordinator dies, kafkajs loops on "Broker not found in the cached metadata"
    // until the retries are used up, and a consumer started anew is back sooner.
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000 },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => forward(entry, settings.log),
  });
}

function saslOptions(sasl: NonNullable<KafkaSettings['sasl']>): SASLOptions {
  const { mechanism, username, password } = sasl;
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}

/** Said at each start, of choices made here with open eyes. */
const SILENCED = ['switched default partitioner', 'Limiting retries for the idempotent producer'];
/** Errors and remarks to kafkajs, everyday life to us. */
const EVERYDAY =
  /group is rebalancing|Pausing fetching|Resuming fetching|consumer not running|Metadata.*does not host this topic/;

function forward({ level, namespace, log: entry }: LogEntry, log: BusLog): void {
  if (SILENCED.some((text) => entry.message.includes(text))) return;
  const detail: unknown = entry['error'];
  const text = typeof detail === 'string' ? `${entry.message} (${detail})` : entry.message;
  log(EVERYDAY.test(text) ? 'debug' : levelName(level), namespace, text);
}

function levelName(level: logLevel): 'debug' | 'info' | 'warn' | 'error' {
  if (level <= logLevel.ERROR) return 'error';
  if (level === logLevel.WARN) return 'warn';
  return level === logLevel.INFO ? 'info' : 'debug';
}
