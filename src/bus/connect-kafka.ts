import type { Kafka } from 'kafkajs';
import type { BusLog } from './bus-log.js';

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

/** A client for one cluster. Opens no connection by itself. */
export function connectKafka(_settings: KafkaSettings): Kafka {
  throw new Error('connectKafka is not built yet');
}
