import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { connectKafka } from '../../../src/bus/connect-kafka.js';
import { createProducer } from '../../../src/bus/producer.js';
import { createTopics } from '../../../src/bus/topics.js';
import { topicSpecs } from '../../../src/cli/topic-specs.js';
import { parseConfig } from '../../../src/config/parse-config.js';
import { createDecoder } from '../../../src/contracts/decoder.js';
import { registerAll } from '../../../src/contracts/register-all.js';
import { createRegistry } from '../../../src/contracts/registry.js';
import { STATUS_TOPIC } from '../../../src/contracts/status-encoder.js';
import type { Events } from '../../../src/generated/events.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { loadRules } from '../../../src/rules/rule-book.js';
import { consumer, direct, on } from '../../../src/rules/words.js';
import { loadDefinitions } from '../../../src/service/load-definitions.js';
import { createTemplateStates } from '../../../src/service/template-states.js';
import { createDigester } from '../../../src/store/keyed-hash.js';
import { createSeal } from '../../../src/store/sealing.js';
import { parameters, timesUsual } from '../../helpers/cases.js';
import { waitFor } from '../../helpers/wait-for.js';
import { clonedStore } from '../store/cloned-store.js';
import { brokenInvariants } from './check-invariants.js';
import { commands } from './commands.js';
import { createModel, type Model } from './model.js';
import { type Ground, type Publication, World } from './world.js';

const asked = parameters('MODEL', 200);
const LONGEST_MS = 150_000 * timesUsual('MODEL');
/** However slow the machine. */
const FEWEST_RUNS = 50;
const store = clonedStore(12);
const PREFIX = `t${randomBytes(5).toString('hex')}.`;
const keys = [{ id: 'k1', key: randomBytes(32) }];
let ground: Ground;
let kafka: Kafka;

/** Two rules for one event: one urgent and by two channels, one not. */
const rules = consumer('auth', [
  on('otp.requested', {
    ...{
      rule: 'code',
      category: 'account',
      to: direct((e) => e.user),
      template: 'auth/otp',
      priority: 'high',
    },
    via: (e) => (e.channel === 'BOTH' ? ['email', 'sms'] : ['email']),
    expires: (e) => e.expires_at,
    context: (e) => ({
      ...{
        name: e.user.name,
        code: e.code,
        purpose: e.purpose,
        valid_until: e.expires_at,
        ip_address: e.ip_address,
      },
    }),
  }),
  on('otp.requested', {
    ...{
      rule: 'notice',
      category: 'account',
      to: direct((e) => e.user),
      template: 'auth/otp',
      priority: 'medium',
    },
    via: ['email'],
    expires: (e) => e.expires_at,
    context: (e) => ({
      ...{
        name: e.user.name,
        code: e.code,
        purpose: e.purpose,
        valid_until: e.expires_at,
        ip_address: e.ip_address,
      },
    }),
  }),
]);

beforeAll(async () => {
  const stack = inject('stackVariables');
  const { contracts, templates } = loadDefinitions();
  const registry = createRegistry({
    ...{ url: stack['SCHEMA_REGISTRY_URL'] ?? '', username: null, password: null, timeoutMs: 10_000 },
  });
  kafka = connectKafka({
    ...{ brokers: (stack['KAFKA_BROKERS'] ?? '').split(','), clientId: 'model', log: () => {} },
  });
  const [reports] = await Promise.all([
    registerAll(contracts, registry, PREFIX),
    createTopics(kafka, topicSpecs(contracts, PREFIX)),
  ]);
  const result = reports.find(({ event }) => event === 'otp.requested')?.result;
  if (result === undefined || result.kind === 'incompatible')
    throw new Error('otp.requested is not registered');
  const templateStates = createTemplateStates(store.database, templates);
  await templateStates.sync();
  ground = {
    ...{
      database: store.database,
      contracts,
      templates,
      templateStates,
      prefix: PREFIX,
      schemaId: result.id,
    },
    config: parseConfig({
      ...stack,
      ...{ EMAIL_HOST: 'localhost', EMAIL_MAX_RETRIES: '3', EMAIL_RETRY_DELAY: '60', SMS_PROVIDER: 'sink' },
      DEFAULT_FROM_EMAIL: 'no-reply@bakery.example.com',
      PAYLOAD_KEYS: keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(),
    }),
    ruleBook: loadRules([rules], contracts),
    decoder: createDecoder<Events>({ contracts, registry, now: () => new Date() }),
    digester: createDigester(keys),
    seal: createSeal(keys),
    producer: createProducer({ kafka }),
    metrics: createMetrics(),
    log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
  };
});
afterAll(() => ground.producer.close());

/** Of all runs, as Kafka acknowledged it. */
const acknowledged: Publication[] = [];
const tally = {
  runs: 0,
  messages: 0,
  accepted: 0,
  twice: 0,
  inDoubt: 0,
  conflicts: 0,
  tooLate: 0,
  repeatedStatuses: 0,
};

function count({ outside, publications, tooLate }: World, model: Model): void {
  const copies = new Set(outside.taken);
  const statuses = new Set(publications.map(({ record }) => String(record.headers['ce_id'])));
  tally.runs += 1;
  tally.messages += model.messages().length;
  tally.accepted += copies.size;
  tally.twice += outside.taken.length - copies.size;
  tally.inDoubt += outside.doubtful.size;
  tally.tooLate += tooLate;
  tally.conflicts += model.conflicts().length;
  tally.repeatedStatuses += publications.length - statuses.size;
}

it(
  'whatever happens, in whatever order, comes to a true end',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.noBias(commands), fc.nat(2), async (happenings, before) => {
        const model = createModel();
        const world = new World(ground);
        try {
          for (let n = 0; n <= before; n++) {
            const event = { id: `event-before-${n}`, code: '111111', both: n !== 1 };
            model.publish(event);
            world.publish(event);
          }
          await world.takeIn(0, before, null);
          await fc.asyncModelRun(() => ({ model, real: world }), happenings);
          await world.drain();
          count(world, model);
          expect(await brokenInvariants(world, model)).toEqual([]);
        } finally {
          acknowledged.push(...world.publications);
          await world.end();
        }
      }),
      { ...asked, interruptAfterTimeLimit: LONGEST_MS },
    );
    console.log(`model: ${JSON.stringify(tally)}`);
    expect(tally.runs).toBeGreaterThanOrEqual(Math.min(FEWEST_RUNS, asked.numRuns));
    // Or nothing of what it is about has happened.
    if (tally.runs >= FEWEST_RUNS)
      for (const [what, n] of Object.entries(tally)) expect([what, n > 0]).toEqual([what, true]);
  },
  LONGEST_MS + 30_000,
);

it('is in Kafka in the order in which it was acknowledged', async () => {
  const topic = `${PREFIX}${STATUS_TOPIC}`;
  const written = acknowledged.filter((one) => one.topic === topic);
  const read: { readonly partition: number; readonly id: string }[] = [];
  const reader = kafka.consumer({ groupId: `${PREFIX}reader`, maxWaitTimeInMs: 50 });
  onTestFinished(() => reader.disconnect());
  await reader.connect();
  await reader.subscribe({ topics: [topic], fromBeginning: true });
  await reader.run({
    async eachMessage({ partition, message }) {
      read.push({ partition, id: String(message.headers?.['ce_id']) });
    },
  });
  await waitFor(() => read.length >= written.length, { what: 'all statuses to be read', timeoutMs: 30_000 });
  const partitions = new Set(written.map(({ partition }) => partition));
  for (const partition of partitions) {
    const here = (one: { readonly partition: number }) => one.partition === partition;
    expect(read.filter(here).map(({ id }) => id)).toEqual(
      written.filter(here).map(({ record }) => String(record.headers['ce_id'])),
    );
  }
});
