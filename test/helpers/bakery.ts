import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openPublisher } from '../../dev/bakery/publisher.js';
import { openStatusReader } from '../../dev/bakery/status-reader.js';
import { connectKafka } from '../../src/bus/connect-kafka.js';
import { createTopics } from '../../src/bus/topics.js';
import { topicSpecs } from '../../src/cli/topic-specs.js';
import { loadContracts } from '../../src/contracts/contract.js';
import { registerAll } from '../../src/contracts/register-all.js';
import { createRegistry } from '../../src/contracts/registry.js';
import { STATUS_TOPIC } from '../../src/contracts/status-encoder.js';
import { projectRoot } from '../../src/project-root.js';
import { cloneDatabase } from './database.js';
import { startSmtpSink } from './smtp-sink.js';

export type Bakery = Awaited<ReturnType<typeof openBakery>>;

/**
 * A bakery of one's own on the shared stack: database, topics, schemas and mail server, and the environment
 * that leads a service to them. Nothing is shared with other tests but the servers' processes.
 */
export async function openBakery() {
  const stack = inject('stackVariables');
  const prefix = `t${randomBytes(5).toString('hex')}.`;
  const variable = (name: string): string => {
    const value = stack[name];
    if (value === undefined) throw new Error(`the stack names no ${name}`);
    return value;
  };
  const contracts = loadContracts(join(projectRoot(), 'schemas'));
  const registryUrl = variable('SCHEMA_REGISTRY_URL');
  const registry = createRegistry({ url: registryUrl, username: null, password: null, timeoutMs: 10_000 });
  const kafka = connectKafka({
    brokers: variable('KAFKA_BROKERS').split(','),
    clientId: 'bakery-under-test',
    log: () => {},
  });
  const [database, sink, reports] = await Promise.all([
    cloneDatabase(),
    startSmtpSink(),
    registerAll(contracts, registry, prefix),
    createTopics(kafka, topicSpecs(contracts, prefix)),
  ]);
  const schemaIds = new Map(
    reports.map(({ event, result }) => {
      if (result.kind === 'incompatible') throw new Error(`${event}: ${result.message}`);
      return [event, result.id] as const;
    }),
  );
  const publisher = await openPublisher({ kafka, contracts, topicPrefix: prefix, schemaIds });
  const statuses = await openStatusReader({
    kafka,
    registryUrl,
    topic: `${prefix}${STATUS_TOPIC}`,
    groupId: `${prefix}subscriber`,
  });
  const environment: Readonly<Record<string, string>> = {
    ...stack,
    ...sink.variables,
    KAFKA_TOPIC_PREFIX: prefix,
    KAFKA_GROUP_ID: `${prefix}communications`,
    DATABASE_URL: database.url,
    EMAIL_TIMEOUT: '5',
    EMAIL_RETRY_DELAY: '1',
    DEFAULT_FROM_EMAIL: '"Chesanto Bakery" <no-reply@bakery.example.com>',
    SMS_PROVIDER: 'sink',
    // Tests flood one rule, and one person.
    BRAKE_PER_RULE: 'off',
    BRAKE_PER_RECIPIENT: 'off',
    PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    HTTP_PORT: '0',
    LOG_LEVEL: 'info',
  };

  return {
    prefix,
    environment,
    databaseUrl: database.url,
    sink,
    kafka,
    contracts,
    registry,
    publisher,
    statuses,
    async close() {
      await statuses.close();
      await publisher.close();
      await sink.close();
      await database.drop();
    },
  };
}
