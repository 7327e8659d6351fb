import type { BusLog } from '../../bus/bus-log.js';
import { createProducer } from '../../bus/producer.js';
import type { Config } from '../../config/config.js';
import { createDecoder } from '../../contracts/decoder.js';
import { createRegistry } from '../../contracts/registry.js';
import { STATUS_TOPIC } from '../../contracts/status-encoder.js';
import type { ReachCheckpoint } from '../../domain/checkpoint.js';
import { createTurns } from '../../domain/turns.js';
import type { Events } from '../../generated/events.js';
import { DEAD_LETTER_TOPIC } from '../../intake/dead-letter.js';
import { createIntake } from '../../intake/handle-records.js';
import { createMetrics } from '../../observability/create-metrics.js';
import type { Log } from '../../observability/log.js';
import { startRelay } from '../../relay/relay.js';
import { poolUse } from '../../store/pool-use.js';
import { kafkaClient, startIntake } from '../intake-part.js';
import type { Definitions } from '../load-definitions.js';
import { createMissingTopics } from '../missing-topics.js';
import { notificationParts } from '../notification-parts.js';
import { openBusDatabase } from '../open-databases.js';
import { providerNames } from '../outlets.js';
import { createStatusSchemaId } from '../status-schema-id.js';
import { versionOf } from '../template-states.js';
import { untilTold } from '../until-told.js';
import type { BusSide, BusSideStart, BusSideTells } from './bus-side.js';

const REGISTRY_TIMEOUT_MS = 5_000;
/** How long it goes on before it lets others of its thread have their turn, when many events of one partition are read. */
const INTAKE_ALONE_MS = 3;
/** Of what it counts, for what is of its own thread. */
export const BUS_THREAD = 'bus';

export interface BusSideOptions {
  readonly config: Config;
  readonly definitions: Definitions;
  readonly log: Log;
  readonly reach: ReachCheckpoint;
}

/** Starts it in this thread. The database must be there, and migrated. */
export function startBusSide(
  { config, definitions, log, reach }: BusSideOptions,
  { tuning, knownTemplates }: BusSideStart,
  tells: BusSideTells,
): BusSide {
  const { contracts, ruleBook } = definitions;
  const { topicPrefix } = config.kafka;
  const busLog: BusLog = (level, namespace, text) => log[level](text, { namespace });
  const database = openBusDatabase(config, log);
  const registry = createRegistry({ ...config.registry, timeoutMs: REGISTRY_TIMEOUT_MS });
  const producer = createProducer({ kafka: kafkaClient(config, busLog) });
  let templates = knownTemplates;
  const metrics = createMetrics({
    thread: BUS_THREAD,
    collectors: { pool: () => poolUse(database) },
  });

  const relay = startRelay({
    database,
    producer,
    metrics,
    log,
    reach,
    topics: [STATUS_TOPIC],
    unhurriedTopics: [DEAD_LETTER_TOPIC],
    topicPrefix,
    schemaId: createStatusSchemaId(contracts, registry, topicPrefix),
    onDegraded: (why) => tells.degraded('outbox', why, null),
  });

  let profilesRead = false;
  const handle = createIntake({
    ...notificationParts({
      config,
      definitions,
      templateVersion: (identifier) => versionOf(templates, identifier),
      providers: providerNames(config),
    }),
    database,
    metrics,
    log,
    reach,
    topicPrefix,
    turns: createTurns(INTAKE_ALONE_MS),
    decoder: createDecoder<Events>({
      contracts,
      registry,
      now: () => new Date(),
      unknownGraceMs: tuning.unknownSchemaGraceMs,
    }),
    profilesRead: () => profilesRead,
    onStored(queues, profilesChanged) {
      if (queues.size > 0) tells.queued(queues);
      if (profilesChanged) tells.profilesChanged();
      relay.wake();
    },
    onDegraded: (part, why, againMs) => tells.degraded(part, why, untilTold(againMs)),
  });
  const intake = startIntake({
    config,
    tuning,
    log,
    busLog,
    ruleBook,
    handle,
    onDegraded: (part, why) => tells.degraded(part, why, null),
    onProfilesRead: () => (profilesRead = true),
    onDead: tells.dead,
  });
  const tellMissing = createMissingTopics(
    (part, why) => tells.degraded(part, why, null),
    intake.missingTopics,
  );
  const lookingForTopics = setInterval(tellMissing, tuning.housekeepingMs);

  return {
    joined: intake.joined,
    wakeRelay: relay.wake,
    knowTemplates: (known) => {
      templates = known;
    },
    stopReading(limitMs) {
      clearInterval(lookingForTopics);
      return intake.stop(limitMs);
    },
    stopPublishing: (limitMs) => relay.stop(limitMs),
    async close() {
      await Promise.all([producer.close(), database.close()]);
    },
    counted: metrics.counted,
  };
}
