import type { BusLog } from '../bus/bus-log.js';
import type { Producer } from '../bus/producer.js';
import type { Config } from '../config/config.js';
import { createDecoder } from '../contracts/decoder.js';
import type { Registry } from '../contracts/registry.js';
import { createStatusEncoder, STATUS_TOPIC } from '../contracts/status-encoder.js';
import { expireWaiting } from '../delivery/expire-waiting.js';
import type { Outlet } from '../delivery/outlet.js';
import { recoverClaims } from '../delivery/recover-claims.js';
import type { ReachCheckpoint } from '../domain/checkpoint.js';
import { createTurns } from '../domain/turns.js';
import type { Events } from '../generated/events.js';
import { DEAD_LETTER_TOPIC } from '../intake/dead-letter.js';
import { createIntake } from '../intake/handle-records.js';
import { createWaking, expireParked } from '../intake/wake-parked.js';
import type { Degradations } from '../observability/degradations.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { startRelay } from '../relay/relay.js';
import type { Database } from '../store/database.js';
import { createDigester } from '../store/keyed-hash.js';
import { createSeal } from '../store/sealing.js';
import { brakeLimits } from './brake-limits.js';
import { createBrakeWatch } from './brake-watch.js';
import { startDelivery } from './delivery-part.js';
import { startHousekeeping } from './housekeeping.js';
import { startIntake } from './intake-part.js';
import type { Definitions } from './load-definitions.js';
import { createMissingTopics } from './missing-topics.js';
import type { OperatorPauses } from './operator-pauses.js';
import { providerNames } from './outlets.js';
import { createStatusSchemaId } from './status-schema-id.js';
import type { StoppingPart } from './stop-in-order.js';
import type { TemplateStates } from './template-states.js';
import type { Tuning } from './tuning.js';
import { untilTold } from './until-told.js';

/** What a message on its way waits for at most, when many events of one partition are read. */
const INTAKE_ALONE_MS = 3;

export interface FlowsOptions {
  readonly config: Config;
  readonly definitions: Definitions;
  readonly tuning: Tuning;
  readonly database: Database;
  /** The same one, for the few statements that record results. */
  readonly recording: Database;
  readonly registry: Registry;
  readonly producer: Producer;
  readonly outlets: readonly Outlet[];
  readonly templateStates: TemplateStates;
  /** Read once: before that nothing may be claimed. */
  readonly operatorPauses: OperatorPauses;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly busLog: BusLog;
  readonly degradations: Degradations;
  readonly reach: ReachCheckpoint;
  /** Nothing but a restart helps. */
  readonly onFatal: (error: Error) => void;
}

/** Everything that moves, once the database is there. */
export interface Flows {
  /** Every consumer has joined its group, or has no topic to join for yet. */
  readonly joined: Promise<unknown>;
  hasJoined(): boolean;
  /** In the order of the way: nothing new, then what is under way, then what came of it. */
  readonly stopping: readonly StoppingPart[];
}

export function startFlows(options: FlowsOptions): Flows {
  const { config, database, registry, metrics, log, degradations } = options;
  const { contracts, ruleBook, templates } = options.definitions;
  const { topicPrefix } = config.kafka;
  const encode = createStatusEncoder(contracts);
  const seal = createSeal(config.payloadKeys);
  const retries = { retryDelayMs: config.email.retryDelayMs, maxRetries: config.email.maxRetries };
  const build = {
    ...options,
    seal,
    encode,
    templates,
    providers: providerNames(config),
    templateVersion: options.templateStates.version,
    digester: createDigester(config.payloadKeys),
    limitsOf: brakeLimits(config, ruleBook),
  };

  const relay = startRelay({
    ...options,
    topics: [STATUS_TOPIC],
    unhurriedTopics: [DEAD_LETTER_TOPIC],
    topicPrefix,
    schemaId: createStatusSchemaId(contracts, registry, topicPrefix),
    onDegraded: (why) => degradations.set('outbox', why),
  });
  const delivery = startDelivery({ ...options, seal, encode, templates, onRecorded: relay.wake });
  const wakeParked = createWaking({ ...build, ruleBook });
  let profilesRead = false;
  const handle = createIntake({
    ...build,
    ruleBook,
    contracts,
    topicPrefix,
    turns: createTurns(INTAKE_ALONE_MS),
    decoder: createDecoder<Events>({
      contracts,
      registry,
      now: () => new Date(),
      unknownGraceMs: options.tuning.unknownSchemaGraceMs,
    }),
    profilesRead: () => profilesRead,
    onStored(queues, profilesChanged) {
      for (const queue of queues) delivery.wake(queue);
      if (profilesChanged) housekeeping.wake();
      relay.wake();
    },
    onDegraded: (part, why, againMs) => degradations.setFor(part, why, untilTold(againMs)),
  });
  const intake = startIntake({
    ...options,
    ruleBook,
    handle,
    onProfilesRead: () => (profilesRead = true),
    onDead: options.onFatal,
  });

  const housekeeping = startHousekeeping({
    everyMs: options.tuning.housekeepingMs,
    onDegraded: (why) => degradations.set('housekeeping', why),
    tasks: [
      createMissingTopics(degradations, intake.missingTopics),
      async () => {
        for (const queue of await wakeParked()) delivery.wake(queue);
      },
      () => expireParked({ database, metrics }),
      () => expireWaiting(database, encode, metrics),
      () => recoverClaims({ database, encode, retries, metrics, log }),
      () => options.templateStates.refresh(),
      createBrakeWatch(database, degradations),
    ],
  });

  // Apart from the rest: whoever stops a provider does not wait for a long round of other work.
  const pauseWatch = startHousekeeping({
    everyMs: options.tuning.housekeepingMs,
    onDegraded: (why) => degradations.set('pauses', why),
    tasks: [options.operatorPauses.refresh],
  });

  return {
    joined: intake.joined,
    hasJoined: intake.hasJoined,
    stopping: [
      {
        name: 'reading',
        until: 0.35,
        stop: intake.stop,
        otherwise: 'events that were not committed are read again',
      },
      {
        name: 'housekeeping',
        until: 0.4,
        stop: () => Promise.all([housekeeping.stop(), pauseWatch.stop()]),
        otherwise: 'another instance does it',
      },
      {
        name: 'delivery',
        until: 0.8,
        stop: delivery.stop,
        otherwise: 'messages without a recorded result will be found unconfirmed',
      },
      {
        name: 'publishing',
        until: 1,
        stop: relay.stop,
        otherwise: 'statuses wait in the outbox for another instance',
      },
    ],
  };
}
