/** Everything required and nothing more. */
export const WHOLE_ENVIRONMENT = {
  KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092',
  SCHEMA_REGISTRY_URL: 'http://registry:8081/',
  DATABASE_URL: 'postgres://user:pa55word@db:5432/communications',
  PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  EMAIL_HOST: 'mail.example.com',
  DEFAULT_FROM_EMAIL: 'Chesanto Bakery <no-reply@example.com>',
};
