import { randomUUID } from 'node:crypto';
import { cloudEventHeaders } from '../../../dev/bakery/publisher.js';
import type { BusRecord } from '../../../src/bus/record.js';
import { parseConfig } from '../../../src/config/parse-config.js';
import { createDecoder } from '../../../src/contracts/decoder.js';
import { createStatusEncoder } from '../../../src/contracts/status-encoder.js';
import type { Events } from '../../../src/generated/events.js';
import { createIntake } from '../../../src/intake/handle-records.js';
import type { RetryOptions } from '../../../src/intake/retry-dead-letter.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { loadRules } from '../../../src/rules/rule-book.js';
import type { Consumer } from '../../../src/rules/words.js';
import { loadDefinitions } from '../../../src/service/load-definitions.js';
import { type Database, openDatabase } from '../../../src/store/database.js';
import { createDigester } from '../../../src/store/keyed-hash.js';
import { createSeal } from '../../../src/store/sealing.js';
import { openBakery } from '../../helpers/bakery.js';

interface RecordOptions {
  readonly id?: string;
  readonly event?: string;
  readonly offset?: bigint;
  readonly timestamp?: number;
  readonly key?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export type IntakeKit = Awaited<ReturnType<typeof openIntakeKit>>;

/** Intake and the retrying of its dead letters over one database, under whatever rules a test wants. */
export async function openIntakeKit() {
  const bakery = await openBakery();
  const { contracts, templates, ruleBook } = loadDefinitions();
  const { payloadKeys } = parseConfig(bakery.environment, { needs: ['payloadKeys'] });
  const database: Database = openDatabase({ url: bakery.databaseUrl, poolSize: 5, onError: () => {} });
  const options: RetryOptions = {
    database,
    contracts,
    ruleBook,
    templates,
    templateVersion: () => 1,
    providers: { email: 'smtp', sms: 'sink' },
    limitsOf: () => ({ perRule: null, perRecipient: null }),
    seal: createSeal(payloadKeys),
    digester: createDigester(payloadKeys),
    encode: createStatusEncoder(contracts),
    topicPrefix: bakery.prefix,
    decoder: createDecoder<Events>({
      contracts,
      registry: bakery.registry,
      now: () => new Date(),
      unknownGraceMs: 0,
    }),
  };
  let offset = 0n;
  const logs: string[] = [];

  const intake = (change: Partial<RetryOptions> = {}) =>
    createIntake({
      ...options,
      ...change,
      metrics: createMetrics(),
      log: createLog({
        level: 'info',
        instance: 'test',
        version: 'test',
        destination: { write: (line) => void logs.push(line) },
      }),
      reach: () => {},
      profilesRead: () => true,
      onStored: () => {},
      onDegraded: () => {},
    });

  return {
    bakery,
    database,
    options,
    ruleBookOf: (...consumers: Consumer[]) => loadRules(consumers, contracts),
    /** As it would stand on the topic. */
    record(value: Buffer | null, given: RecordOptions = {}): BusRecord {
      const { id = `event-${randomUUID()}`, event = 'otp.requested' } = given;
      const own = { ...cloudEventHeaders('auth', event, { id }), ...given.headers };
      const headers = Object.entries(own);
      return {
        topic: `${bakery.prefix}${event}`,
        partition: 0,
        offset: given.offset ?? offset++,
        timestamp: given.timestamp ?? Date.now(),
        key: given.key ?? Buffer.from(id),
        value,
        headers: Object.fromEntries(headers.map(([name, text]) => [name, Buffer.from(text)])),
      };
    },
    /** Takes records in as the consumer does. */
    async takeIn(records: readonly BusRecord[], change: Partial<RetryOptions> = {}): Promise<void> {
      const result = await intake(change)(records);
      if (result.kind !== 'stored') throw new Error(`the records were not stored: ${result.why}`);
    },
    intake,
    /** Lines of JSON of all that was logged. */
    logs,
    async close() {
      await database.close();
      await bakery.close();
    },
  };
}
