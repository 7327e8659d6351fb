import { randomBytes } from 'node:crypto';
import type { Bakery } from '../../bench/bakery.js';
import { commsEnvironment } from '../../dev/demo/comms-environment.js';
import type { SmtpSink } from '../helpers/smtp-sink.js';

/** For the instances of one run: they share all of it but their names and ports. */
export function serviceEnvironment(
  bakery: Bakery,
  mail: SmtpSink,
  connections: number,
): Record<string, string> {
  return commsEnvironment({
    KAFKA_BROKERS: bakery.brokers,
    KAFKA_TOPIC_PREFIX: bakery.topicPrefix,
    KAFKA_GROUP_ID: `${bakery.topicPrefix}communications`,
    SCHEMA_REGISTRY_URL: bakery.registryUrl,
    DATABASE_URL: bakery.databaseUrl,
    DATABASE_POOL_SIZE: '10',
    PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    ...mail.variables,
    EMAIL_MAX_CONNECTIONS: String(connections),
    EMAIL_TIMEOUT: '5',
    EMAIL_RETRY_DELAY: '1',
    EMAIL_MAX_RETRIES: '6',
    DEFAULT_FROM_EMAIL: '"Chesanto Bakery" <no-reply@bakery.example.com>',
    SMS_PROVIDER: 'sink',
    // One rule leads to far more here than in a bakery.
    BRAKE_PER_RULE: 'off',
    BRAKE_PER_RECIPIENT: 'off',
    LOG_LEVEL: 'info',
  });
}
