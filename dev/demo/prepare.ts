import { randomBytes } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { createTopics } from '../../src/bus/topics.js';
import { topicSpecs } from '../../src/cli/topic-specs.js';
import type { Contracts } from '../../src/contracts/contract.js';
import { registerAll } from '../../src/contracts/register-all.js';
import { createRegistry } from '../../src/contracts/registry.js';
import { migrateUp } from '../../src/store/migrations.js';

/** Everything the service needs from its environment, on the local stack with a mail server before its catcher. */
export const demoEnvironment = (
  stack: Readonly<Record<string, string>>,
  mailFront: Readonly<Record<string, string>>,
  topicPrefix: string,
  httpPort: number,
): Readonly<Record<string, string>> => ({
  ...stack,
  ...mailFront,
  KAFKA_TOPIC_PREFIX: topicPrefix,
  KAFKA_GROUP_ID: `${topicPrefix}communications`,
  DEFAULT_FROM_EMAIL: '"Chesanto Bakery" <no-reply@bakery.example.com>',
  PAYLOAD_KEYS: `demo:${randomBytes(32).toString('base64')}`,
  HTTP_PORT: String(httpPort),
  EMAIL_RETRY_DELAY: '1',
  SMS_PROVIDER: 'sink',
  // Few enough for a flood to be seen.
  BRAKE_PER_RECIPIENT: '3/1h',
  PUBLIC_BASE_URL: `http://127.0.0.1:${httpPort}`,
  INSTANCE_ID: 'demo',
});

export interface Target {
  readonly kafka: Kafka;
  readonly contracts: Contracts;
  readonly registryUrl: string;
  readonly databaseUrl: string;
  readonly topicPrefix: string;
}

/** Migrations, topics and schemas, all at once. @returns the registered id of each event's schema */
export async function prepare(
  { kafka, contracts, registryUrl, databaseUrl, topicPrefix }: Target,
  report: (line: string) => void,
): Promise<ReadonlyMap<string, number>> {
  const registry = createRegistry({ url: registryUrl, username: null, password: null, timeoutMs: 10_000 });
  const migrating = migrateUp(databaseUrl).then(({ length }) =>
    report(`database: ${length} migrations applied`),
  );
  const creating = createTopics(kafka, topicSpecs(contracts, topicPrefix)).then(({ length }) =>
    report(`kafka: ${length} topics`),
  );
  const registering = registerAll(contracts, registry, topicPrefix).then((reports) => {
    report(`registry: ${reports.length} schemas`);
    return new Map(
      reports.map(({ event, result }) => {
        if (result.kind === 'incompatible') throw new Error(`${event}: ${result.message}`);
        return [event, result.id];
      }),
    );
  });
  const [, , schemaIds] = await Promise.all([migrating, creating, registering]);
  return schemaIds;
}
