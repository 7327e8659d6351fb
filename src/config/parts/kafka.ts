import { z } from 'zod';
import { type KafkaConfig, SASL_MECHANISMS } from '../config.js';
import { boolean, list, oneOf, secretText, text } from '../readers.js';
import { allOrNone } from '../together.js';
import { optional, required, withDefault } from '../variable.js';

// Kafka's own rule for topic names, whose beginning the prefix is.
const TOPIC_CHARACTERS = /^[A-Za-z0-9._-]{1,100}$/;
const HOST_AND_PORT = /^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):\d{1,5}$/;
const SASL = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;

export const kafkaVariables = z.object({
  KAFKA_BROKERS: required(
    list((entry) => HOST_AND_PORT.test(entry), 'host:port pairs'),
    { meaning: 'Brokers to begin with, comma-separated', example: 'localhost:9092' },
  ),
  KAFKA_SSL: withDefault(boolean, 'False', { meaning: 'Whether the brokers are spoken to over TLS' }),
  KAFKA_SASL_MECHANISM: optional(oneOf(SASL_MECHANISMS), {
    meaning: `How to log in to the brokers: ${SASL_MECHANISMS.join(', ')}; goes with user name and password`,
    example: 'scram-sha-512',
  }),
  KAFKA_SASL_USERNAME: optional(text, {
    meaning: 'User name at the brokers',
    example: 'communications',
    secret: true,
  }),
  KAFKA_SASL_PASSWORD: optional(secretText, {
    meaning: 'Password at the brokers',
    example: 'change-me',
    secret: true,
  }),
  KAFKA_GROUP_ID: withDefault(text, 'communications', {
    meaning: 'Consumer group; topics that can be urgent are read by a second one, `<group>.high`',
  }),
  KAFKA_TOPIC_PREFIX: optional(
    z.string().trim().regex(TOPIC_CHARACTERS, 'may hold only letters, digits, . _ -'),
    {
      meaning: 'Stands before every topic name, to share a cluster',
      example: 'staging.',
    },
  ),
});

export const kafkaPart = kafkaVariables
  .check(allOrNone(SASL))
  .transform((values): { readonly kafka: KafkaConfig } => ({
    kafka: {
      brokers: values.KAFKA_BROKERS,
      ssl: values.KAFKA_SSL,
      sasl: sasl(values.KAFKA_SASL_MECHANISM, values.KAFKA_SASL_USERNAME, values.KAFKA_SASL_PASSWORD),
      groupId: values.KAFKA_GROUP_ID,
      topicPrefix: values.KAFKA_TOPIC_PREFIX ?? '',
    },
  }));

function sasl(
  mechanism: NonNullable<KafkaConfig['sasl']>['mechanism'] | null,
  username: string | null,
  password: string | null,
): KafkaConfig['sasl'] {
  if (mechanism === null || username === null || password === null) return null;
  return { mechanism, username, password };
}
