import type { Config } from '../config/config.js';
import { createDecoder } from '../contracts/decoder.js';
import { createRegistry } from '../contracts/registry.js';
import type { Events } from '../generated/events.js';
import { attemptOf, newRehearsal } from '../intake/rehearsal.js';
import { type Retried, retryDeadLetter } from '../intake/retry-dead-letter.js';
import { type Database, openDatabase } from '../store/database.js';
import { loadDefinitions } from './load-definitions.js';
import { notificationParts } from './notification-parts.js';
import { providerNames } from './outlets.js';
import { createTemplateStates } from './template-states.js';

const REGISTRY_TIMEOUT_MS = 5_000;

export interface Retry {
  readonly database: Database;
  retry(id: string, options: { readonly dryRun: boolean }): Promise<Retried>;
  close(): Promise<void>;
}

/** Intake, wired for what is in the dead letters rather than on the bus. A running service sends what comes of it. */
export async function openRetry(config: Config): Promise<Retry> {
  const definitions = loadDefinitions(config.http);
  const { contracts } = definitions;
  const database = openDatabase({
    url: config.databaseUrl,
    poolSize: 2,
    applicationName: 'chesanto-communications-cli',
    onError: () => {},
  });
  const templateStates = createTemplateStates(database, definitions.templates);
  await templateStates.refresh();
  const options = {
    ...notificationParts({
      config,
      definitions,
      templateVersion: templateStates.version,
      providers: providerNames(config),
    }),
    database,
    topicPrefix: config.kafka.topicPrefix,
    decoder: createDecoder<Events>({
      contracts,
      registry: createRegistry({ ...config.registry, timeoutMs: REGISTRY_TIMEOUT_MS }),
      now: () => new Date(),
      // Nobody waits for a schema here: who registers it retries again.
      unknownGraceMs: 0,
    }),
  };
  // So that the last of many is told what it would find after the others.
  const rehearsal = newRehearsal();
  return {
    database,
    async retry(id, how) {
      if (!how.dryRun) return retryDeadLetter(id, options, how);
      const attempt = attemptOf(rehearsal);
      const retried = await retryDeadLetter(id, { ...options, rehearsal: attempt }, how);
      attempt.keep();
      return retried;
    },
    close: () => database.close(),
  };
}
