import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectKafka } from '../../../src/bus/connect-kafka.js';
import { createProducer } from '../../../src/bus/producer.js';
import { createTopics } from '../../../src/bus/topics.js';
import { topicSpecs } from '../../../src/cli/topic-specs.js';
import { parseConfig } from '../../../src/config/parse-config.js';
import { createDecoder } from '../../../src/contracts/decoder.js';
import { registerAll } from '../../../src/contracts/register-all.js';
import { createRegistry } from '../../../src/contracts/registry.js';
import type { Events } from '../../../src/generated/events.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { loadRules } from '../../../src/rules/rule-book.js';
import { consumer, direct, on } from '../../../src/rules/words.js';
import { loadDefinitions } from '../../../src/service/load-definitions.js';
import { createTemplateStates } from '../../../src/service/template-states.js';
import { createDigester } from '../../../src/store/keyed-hash.js';
import { createSeal } from '../../../src/store/sealing.js';
import { parameters } from '../../helpers/cases.js';
import { clonedStore } from '../store/cloned-store.js';
import { brokenInvariants } from './check-invariants.js';
import { commands } from './commands.js';
import { createModel } from './model.js';
import { type Ground, World } from './world.js';

const store = clonedStore(12);
const PREFIX = `t${randomBytes(5).toString('hex')}.`;
const keys = [{ id: 'k1', key: randomBytes(32) }];
let ground: Ground;

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
  const kafka = connectKafka({
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

it('whatever happens, in whatever order, comes to a true end', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (happenings) => {
      const model = createModel();
      const world = new World(ground);
      try {
        await fc.asyncModelRun(() => ({ model, real: world }), happenings);
        await world.drain();
        expect(await brokenInvariants(world, model)).toEqual([]);
      } finally {
        await world.end();
      }
    }),
    { ...parameters('MODEL', 200), interruptAfterTimeLimit: 150_000 },
  );
}, 180_000);
