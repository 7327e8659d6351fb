import type { BusLog } from '../bus/bus-log.js';
import { lag } from '../bus/lag.js';
import { createProducer } from '../bus/producer.js';
import type { Config } from '../config/config.js';
import { createDecoder } from '../contracts/decoder.js';
import { createRegistry } from '../contracts/registry.js';
import { createStatusEncoder, STATUS_TOPIC } from '../contracts/status-encoder.js';
import { expireWaiting } from '../delivery/expire-waiting.js';
import { recoverClaims } from '../delivery/recover-claims.js';
import type { ReachCheckpoint } from '../domain/checkpoint.js';
import type { Events } from '../generated/events.js';
import { startHttp } from '../http/server.js';
import { DEAD_LETTER_TOPIC } from '../intake/dead-letter.js';
import { createIntake } from '../intake/handle-records.js';
import { expireParked, wakeParked } from '../intake/wake-parked.js';
import { createMetrics } from '../observability/create-metrics.js';
import { createDegradations } from '../observability/degradations.js';
import type { Log } from '../observability/log.js';
import { startRelay } from '../relay/relay.js';
import { openDatabase } from '../store/database.js';
import { createDigester } from '../store/keyed-hash.js';
import { createSeal } from '../store/sealing.js';
import { storeSnapshot } from '../store/snapshot.js';
import { awaitDatabase, type DatabaseState } from './await-database.js';
import { createProvider, startDelivery } from './delivery-part.js';
import { startHousekeeping } from './housekeeping.js';
import { kafkaClient, startIntake, topicsToRead } from './intake-part.js';
import { loadDefinitions } from './load-definitions.js';
import { createStatusSchemaId } from './status-schema-id.js';
import { createTemplateStates } from './template-states.js';
import { DEFAULT_TUNING, type Tuning } from './tuning.js';

export interface ServiceOptions {
  readonly config: Config;
  readonly log: Log;
  /** Nothing but a restart helps: liveness fails from now on. */
  readonly onFatal: (error: Error) => void;
  readonly tuning?: Partial<Tuning>;
  readonly reach?: ReachCheckpoint;
}

export interface Service {
  readonly port: number;
  /** Resolved when the database is there, migrated, and every consumer has joined. */
  readonly ready: Promise<void>;
  /** Drains: takes nothing new, ends what is under way within `limitMs`, publishes what came of it. */
  stop(limitMs: number): Promise<void>;
}

const REGISTRY_TIMEOUT_MS = 5_000;

/** Wires the whole service and starts it. What it needs may come later: it says so on /readyz and waits. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, log, reach = () => {} } = options;
  const tuning = { ...DEFAULT_TUNING, ...options.tuning };
  const { contracts, ruleBook, templates } = loadDefinitions();
  const busLog: BusLog = (level, namespace, text) => log[level](text, { namespace });
  const degradations = createDegradations((part, why) =>
    why === null ? log.info('works again', { part }) : log.warn('degraded', { part, why }),
  );

  const database = openDatabase({
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    onError: (error) => log.warn('a database connection broke', {}, error),
  });
  const client = kafkaClient(config, busLog);
  const metrics = createMetrics({
    collectors: {
      store: () => storeSnapshot(database),
      lag: () => lagByTopic(),
    },
  });
  const seal = createSeal(config.payloadKeys);
  const registry = createRegistry({ ...config.registry, timeoutMs: REGISTRY_TIMEOUT_MS });
  const provider = createProvider(config);
  const producer = createProducer({ kafka: client });
  const templateStates = createTemplateStates(database, templates);
  const encode = createStatusEncoder(contracts);
  const build = {
    seal,
    encode,
    provider: provider.name,
    templates,
    templateVersion: templateStates.version,
    database,
    metrics,
    log,
    reach,
  };

  const stopping = new AbortController();
  let state: DatabaseState = { database: false, migrations: false };
  let alive = true;
  let profilesRead = false;
  let running: Running | null = null;

  const http = await startHttp({
    port: config.http.port,
    metrics,
    log,
    probes: {
      live: () => alive,
      async ready() {
        const parts = {
          ...state,
          database: await answers(),
          firstJoin: running?.intake.hasJoined() ?? false,
        };
        for (const topic of running?.intake.missingTopics() ?? []) {
          degradations.set(`topic ${topic}`, 'does not exist: create it with "comms topics"');
        }
        return {
          ready: parts.database && parts.migrations && parts.firstJoin && !stopping.signal.aborted,
          parts,
          degraded: degradations.list(),
        };
      },
    },
  });

  const ready = boot();
  // Who waits for it hears of its failure; a stop while starting is none.
  ready.catch((error: unknown) => {
    if (!stopping.signal.aborted) fatal(error instanceof Error ? error : new Error(String(error)));
  });
  return { port: http.port, ready, stop };

  async function boot(): Promise<void> {
    await awaitDatabase(config.databaseUrl, degradations, (seen) => (state = seen), stopping.signal);
    await templateStates.sync();
    stopping.signal.throwIfAborted();
    running = startRunning();
    await running.intake.joined;
    log.info('ready', { port: http.port });
  }

  type Running = ReturnType<typeof startRunning>;
  function startRunning() {
    const relay = startRelay({
      ...build,
      producer,
      topics: [STATUS_TOPIC, DEAD_LETTER_TOPIC],
      topicPrefix: config.kafka.topicPrefix,
      schemaId: createStatusSchemaId(contracts, registry, config.kafka.topicPrefix),
      onDegraded: (why) => degradations.set('outbox', why),
    });
    const delivery = startDelivery({
      ...build,
      config,
      provider,
      templateStates,
      degradations,
      onRecorded: relay.wake,
    });
    const retries = { retryDelayMs: config.email.retryDelayMs, maxRetries: config.email.maxRetries };
    const housekeeping = startHousekeeping({
      everyMs: tuning.housekeepingMs,
      onDegraded: (why) => degradations.set('housekeeping', why),
      tasks: [
        async () => {
          for (const lane of await wakeParked(build)) delivery.wake(lane);
        },
        () => expireParked(database),
        () => expireWaiting(database, encode, metrics),
        () => recoverClaims({ database, encode, retries, metrics, log }),
        () => templateStates.refresh(),
        async () => relay.wake(),
      ],
    });
    const handle = createIntake({
      ...build,
      ruleBook,
      contracts,
      decoder: createDecoder<Events>({
        contracts,
        registry,
        now: () => new Date(),
        unknownGraceMs: tuning.unknownSchemaGraceMs,
      }),
      digester: createDigester(config.payloadKeys),
      topicPrefix: config.kafka.topicPrefix,
      profilesRead: () => profilesRead,
      onStored(lanes, profilesChanged) {
        for (const lane of lanes) delivery.wake(lane);
        if (profilesChanged) housekeeping.wake();
        relay.wake();
      },
      onDegraded: (part, why) => degradations.set(part, why),
    });
    const intake = startIntake({
      config,
      ruleBook,
      handle,
      tuning,
      log,
      busLog,
      degradations,
      onProfilesRead: () => (profilesRead = true),
      onDead: fatal,
    });
    return { relay, delivery, housekeeping, intake };
  }

  function fatal(error: Error): void {
    alive = false;
    log.error('the service can not go on', {}, error);
    options.onFatal(error);
  }

  async function answers(): Promise<boolean> {
    try {
      await database.ping();
      return true;
    } catch {
      return false;
    }
  }

  async function lagByTopic(): Promise<Record<string, number>> {
    const groups = topicsToRead(ruleBook, config);
    const lags = await Promise.all(groups.map(({ groupId, topics }) => lag(client, groupId, topics)));
    return Object.fromEntries(lags.flat().map((one) => [one.topic, Number(one.lag)]));
  }

  async function stop(limitMs: number): Promise<void> {
    log.info('stopping: taking nothing new, ending what is under way');
    stopping.abort();
    await ready.catch(() => undefined);
    await running?.intake.stop(limitMs / 2);
    await running?.housekeeping.stop();
    await running?.delivery.stop(limitMs / 2);
    await running?.relay.stop();
    await producer.close();
    await http.close();
    await database.close();
    log.info('stopped');
  }
}
