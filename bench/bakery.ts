import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { cloudEventHeaders, openPublisher } from '../dev/bakery/publisher.js';
import { connectKafka } from '../src/bus/connect-kafka.js';
import { createTopics } from '../src/bus/topics.js';
import { topicSpecs } from '../src/cli/topic-specs.js';
import { loadContracts } from '../src/contracts/contract.js';
import { registerAll } from '../src/contracts/register-all.js';
import { createRegistry } from '../src/contracts/registry.js';
import { projectRoot } from '../src/project-root.js';
import { migrateUp } from '../src/store/migrations.js';
import { otp } from '../test/helpers/sample-events.js';
import { execute, withDatabase } from '../test/helpers/sql.js';

const AT_ONCE = 500;

/** Topics, schemas and a database of its own on a running stack, with that many codes already published. */
export async function bakeryWithEvents(variables: Readonly<Record<string, string>>, events: number) {
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: url, DATABASE_URL: server } = variables;
  if (brokers === undefined || url === undefined || server === undefined) {
    throw new Error('the stack lacks Kafka, the schema registry or PostgreSQL');
  }
  const name = `b${randomBytes(4).toString('hex')}`;
  const prefix = `${name}.`;
  await execute(server, `CREATE DATABASE ${name}`);
  const databaseUrl = withDatabase(server, name);
  await migrateUp(databaseUrl);

  const contracts = loadContracts(join(projectRoot(), 'schemas'));
  const kafka = connectKafka({ brokers: brokers.split(','), clientId: 'bench', log: () => {} });
  const registry = createRegistry({ url, username: null, password: null, timeoutMs: 10_000 });
  const reports = await registerAll(contracts, registry, prefix);
  await createTopics(kafka, topicSpecs(contracts, prefix));
  const schemaIds = new Map(
    reports.map(({ event, result }) => {
      if (result.kind === 'incompatible') throw new Error(`${event}: ${result.message}`);
      return [event, result.id] as const;
    }),
  );

  const publisher = await openPublisher({ kafka, contracts, topicPrefix: prefix, schemaIds });
  for (let from = 0; from < events; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, events - from) }, (_, n) => {
      const id = randomUUID();
      return {
        topic: 'otp.requested',
        key: id,
        value: publisher.encode('otp.requested', otp({ user: { email: `person${from + n}@example.com` } })),
        headers: cloudEventHeaders('auth', 'otp.requested', { id }),
      };
    });
    await publisher.publishRaw(some);
  }
  await publisher.close();

  const environment: Readonly<Record<string, string>> = {
    ...variables,
    KAFKA_TOPIC_PREFIX: prefix,
    KAFKA_GROUP_ID: `${prefix}communications`,
    DATABASE_URL: databaseUrl,
    DEFAULT_FROM_EMAIL: '"Chesanto Bakery" <no-reply@bakery.example.com>',
    PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    HTTP_PORT: '0',
    SMS_PROVIDER: 'sink',
    // One rule gets them all.
    BRAKE_PER_RULE: 'off',
    BRAKE_PER_RECIPIENT: 'off',
  };
  return { databaseUrl, environment };
}
