import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { cloudEventHeaders, openPublisher, type Publisher } from '../dev/bakery/publisher.js';
import { quietRequestQueue } from '../src/bus/quiet-request-queue.js';
import { createTopics } from '../src/bus/topics.js';
import { topicSpecs } from '../src/cli/topic-specs.js';
import { loadContracts } from '../src/contracts/contract.js';
import { registerAll } from '../src/contracts/register-all.js';
import { createRegistry } from '../src/contracts/registry.js';
import type { Events } from '../src/generated/events.js';
import { projectRoot } from '../src/project-root.js';
import { execute, withDatabase } from '../test/helpers/sql.js';
import { waitFor } from '../test/helpers/wait-for.js';

export interface Numbers {
  readonly from: number;
  readonly count: number;
}

export interface Bakery {
  readonly kafka: Kafka;
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly brokers: string;
  readonly registryUrl: string;
  readonly databaseUrl: string;
  /** One event for each of `count` numbers from `from`, keyed and spread over the partitions; `from` are there already. */
  publishMany<N extends keyof Events & string>(
    event: N,
    numbers: Numbers,
    value: (number: number) => Events[N],
  ): Promise<void>;
  /**
   * The same in one transaction: nobody can read them before `reveal` commits it.
   * @returns `reveal`, which tells when they could be read, in milliseconds since 1970
   */
  publishUnseen<N extends keyof Events & string>(
    event: N,
    numbers: Numbers,
    value: (number: number) => Events[N],
  ): Promise<() => Promise<number>>;
  /** How many records a topic has. */
  published(topic: string): Promise<number>;
  /**
   * Drops the database, for which PostgreSQL writes out what it has in memory: the next measurement begins like the first,
   * and does not pay for this one's pages and full segments of the log.
   */
  close(): Promise<void>;
}

const AT_ONCE = 500;

/** Topics, schemas and an empty database of its own on a running stack, so that no run meets what another left. */
export async function openBakery(variables: Readonly<Record<string, string>>): Promise<Bakery> {
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl, DATABASE_URL: server } = variables;
  if (brokers === undefined || registryUrl === undefined || server === undefined) {
    throw new Error('the stack lacks Kafka, the schema registry or PostgreSQL');
  }
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const topicPrefix = `${name}.`;
  await execute(server, `CREATE DATABASE ${name}`);

  const contracts = loadContracts(join(projectRoot(), 'schemas'));
  quietRequestQueue();
  const kafka = new kafkajs.Kafka({
    brokers: brokers.split(','),
    clientId: 'bench',
    logLevel: kafkajs.logLevel.NOTHING,
    // A busy machine's broker now and then misses its own beat, and leads nothing for a while.
    retry: { retries: 20, maxRetryTime: 2_000 },
  });
  const registry = createRegistry({ url: registryUrl, username: null, password: null, timeoutMs: 10_000 });
  const reports = await registerAll(contracts, registry, topicPrefix);
  await createTopics(kafka, topicSpecs(contracts, topicPrefix));
  const schemaIds = new Map(
    reports.map(({ event, result }) => {
      if (result.kind === 'incompatible') throw new Error(`${event}: ${result.message}`);
      return [event, result.id] as const;
    }),
  );
  const publisher = await openPublisher({ kafka, contracts, topicPrefix, schemaIds });
  // What a module publishes may come twice; here it would be counted twice.
  const once = {
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
  };
  const producer = kafka.producer(once);
  const transactional = kafka.producer({ ...once, transactionalId: name });
  const admin = kafka.admin();
  await Promise.all([producer.connect(), transactional.connect(), admin.connect()]);
  const published = async (topic: string) => {
    const offsets = await waitFor(() => admin.fetchTopicOffsets(`${topicPrefix}${topic}`), {
      what: `the broker to say how many records ${topic} has`,
      timeoutMs: 30_000,
      everyMs: 200,
    });
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  };

  const publish = async <N extends keyof Events & string>(
    to: Pick<Producer, 'send'>,
    event: N,
    { from, count }: Numbers,
    value: (number: number) => Events[N],
  ) => {
    const { module } = contracts.of(event);
    for (let sent = 0; sent < count; sent += AT_ONCE) {
      const messages = Array.from({ length: Math.min(AT_ONCE, count - sent) }, (_, n) => {
        const id = randomUUID();
        return {
          key: id,
          value: publisher.encode(event, value(from + sent + n)),
          headers: cloudEventHeaders(module, event, { id }),
        };
      });
      await to.send({ topic: `${topicPrefix}${event}`, messages });
    }
  };

  return {
    kafka,
    publisher,
    topicPrefix,
    brokers,
    registryUrl,
    databaseUrl: withDatabase(server, name),
    async publishMany(event, numbers, value) {
      await publish(producer, event, numbers, value);
      const all = numbers.from + numbers.count;
      const there = await published(event);
      if (there !== all) throw new Error(`Of ${all} events the topic ${event} has ${there}: try again.`);
    },
    async publishUnseen(event, numbers, value) {
      const transaction = await transactional.transaction();
      await publish(transaction, event, numbers, value);
      return async () => {
        await transaction.commit();
        return Date.now();
      };
    },
    published,
    async close() {
      await Promise.all([
        publisher.close(),
        producer.disconnect(),
        transactional.disconnect(),
        admin.disconnect(),
      ]);
      await execute(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
