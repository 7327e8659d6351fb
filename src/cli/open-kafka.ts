import type { Kafka } from 'kafkajs';
import { connectKafka } from '../bus/connect-kafka.js';
import type { ConfigOf } from '../config/config.js';

/** A client for a command. What kafkajs says by the way is shown with LOG_LEVEL=debug only: the command tells its end. */
export function openKafka({ kafka, instanceId, logLevel }: ConfigOf<'kafka'>): Kafka {
  const { brokers, ssl, sasl } = kafka;
  return connectKafka({
    brokers,
    ssl,
    clientId: `${instanceId}-cli`,
    log: (level, namespace, text) => {
      if (logLevel === 'debug') console.error(`${level} ${namespace}: ${text}`);
    },
    ...(sasl && { sasl }),
  });
}
