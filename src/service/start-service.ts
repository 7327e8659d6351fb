import type { BusLog } from '../bus/bus-log.js';
import { lag } from '../bus/lag.js';
import { lagByEvent } from '../bus/lag-by-event.js';
import type { Config } from '../config/config.js';
import { smsWarning } from '../config/sms-warning.js';
import type { ReachCheckpoint } from '../domain/checkpoint.js';
import { startHttp } from '../http/server.js';
import { topicsToRead } from '../intake/topics-to-read.js';
import { createMetrics } from '../observability/create-metrics.js';
import { createDegradations } from '../observability/degradations.js';
import type { Log } from '../observability/log.js';
import { poolUse } from '../store/pool-use.js';
import { storeSnapshot } from '../store/snapshot.js';
import { untilAvailable } from '../store/until-available.js';
import { awaitDatabase, type DatabaseState } from './await-database.js';
import type { StartBusSide } from './bus-side/bus-side.js';
import { startBusSide } from './bus-side/start-bus-side.js';
import { countedOutlet } from './counted-outlet.js';
import { kafkaClient } from './intake-part.js';
import { knownMessages } from './known-messages.js';
import { type Definitions, loadDefinitions } from './load-definitions.js';
import { openDatabases } from './open-databases.js';
import { createOperatorPauses } from './operator-pauses.js';
import { createOutlets } from './outlets.js';
import { createReadiness } from './readiness.js';
import { type Flows, startFlows } from './start-flows.js';
import { type StoppingPart, stopInOrder } from './stop-in-order.js';
import { createTemplateStates } from './template-states.js';
import { DEFAULT_TUNING, type Tuning } from './tuning.js';

export interface ServiceOptions {
  readonly config: Config;
  readonly log: Log;
  /** Nothing but a restart helps: liveness fails from now on. */
  readonly onFatal: (error: Error) => void;
  /** The project's own unless given. */
  readonly definitions?: Definitions;
  readonly tuning?: Partial<Tuning>;
  readonly reach?: ReachCheckpoint;
  /** In this thread, with what is given here, unless told. */
  readonly busSide?: StartBusSide;
}

export interface Service {
  readonly port: number;
  /** Resolved when the database is there, migrated, and every consumer has joined. */
  readonly ready: Promise<void>;
  /**
   * Drains: takes nothing new, ends what is under way within `limitMs`, publishes what came of it; then closes
   * what is open, within 4 s more.
   * @returns the names of the parts that did not end in time
   */
  stop(limitMs: number): Promise<readonly string[]>;
}

const CLOSING_MS = 4_000;

/** Wires the whole service and starts it. What it needs may come later: it says so on /readyz and waits. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, log, definitions = loadDefinitions(options.config.http), reach = () => {} } = options;
  const busLog: BusLog = (level, namespace, text) => log[level](text, { namespace });
  const degradations = createDegradations((part, why) => {
    metrics.degraded(part, why !== null);
    if (why === null) log.info('works again', { part });
    else log.warn('degraded', { part, why });
  });
  const { database, recording, pools } = openDatabases(config, log);
  const client = kafkaClient(config, busLog);
  const metrics = createMetrics({
    known: knownMessages(definitions, config),
    collectors: {
      store: () => storeSnapshot(database),
      pool: () => poolUse(...pools),
      lag: lagByTopic,
    },
    beside: async () => (await flows?.busSide.counted()) ?? [],
  });
  const templateStates = createTemplateStates(database, definitions.templates);
  const operatorPauses = createOperatorPauses(database, degradations);

  const stopping = new AbortController();
  let state: DatabaseState = { database: false, migrations: false };
  let alive = true;
  let flows: Flows | null = null;

  const readiness = createReadiness({
    database,
    degradations,
    migrated: () => state.migrations,
    flows: () => flows,
    stopping: stopping.signal,
  });
  const http = await startHttp({
    port: config.http.port,
    metrics,
    log,
    files: definitions.templates.brandFiles,
    probes: { live: () => alive, ready: readiness },
  });

  const otherwise = 'the end of the process closes it';
  const closing: readonly StoppingPart[] = [
    { name: 'bus', until: 0.5, stop: closeBusSide, otherwise },
    { name: 'http', until: 0.8, stop: http.close, otherwise },
    { name: 'database', until: 1, stop: closeDatabases, otherwise },
  ];

  const booted = boot();
  const ready = booted.then(async ({ joined }) => {
    await joined;
    log.info('ready', { port: http.port });
  });
  // Who waits for it hears of its failure; a stop while starting is none.
  ready.catch((error: unknown) => {
    if (!stopping.signal.aborted) fatal(error instanceof Error ? error : new Error(String(error)));
  });
  return { port: http.port, ready, stop };

  async function boot(): Promise<Flows> {
    await awaitDatabase(config.databaseUrl, degradations, (seen) => (state = seen), stopping.signal);
    await untilAvailable(
      () => templateStates.sync(),
      (error) => log.warn('the templates wait for the database', {}, error),
    );
    await untilAvailable(operatorPauses.refresh, (error) =>
      log.warn('what people have paused waits for the database', {}, error),
    );
    stopping.signal.throwIfAborted();
    const sms = smsWarning(config.sms);
    degradations.set('sms', sms && `${sms.what}; ${sms.advice}`);
    flows = startFlows({
      config,
      definitions,
      tuning: { ...DEFAULT_TUNING, ...options.tuning },
      database,
      recording,
      startBusSide:
        options.busSide ??
        ((start, tells) => startBusSide({ config, definitions, log, reach }, start, tells)),
      outlets: createOutlets(config, definitions.templates).map((outlet) => countedOutlet(outlet, metrics)),
      templateStates,
      operatorPauses,
      metrics,
      log,
      degradations,
      reach,
      onFatal: fatal,
    });
    return flows;
  }

  async function closeBusSide(): Promise<void> {
    await flows?.busSide.close();
  }

  async function closeDatabases(): Promise<void> {
    await Promise.all(pools.map((pool) => pool.close()));
  }

  function fatal(error: Error): void {
    alive = false;
    log.error('the service can not go on', {}, error);
    options.onFatal(error);
  }

  async function lagByTopic(): Promise<Record<string, number>> {
    const groups = topicsToRead(definitions.ruleBook, config.kafka);
    const lags = await Promise.all(groups.map(({ groupId, topics }) => lag(client, groupId, topics)));
    return lagByEvent(lags.flat(), config.kafka.topicPrefix);
  }

  async function stop(limitMs: number): Promise<readonly string[]> {
    log.info('stopping: taking nothing new, ending what is under way');
    stopping.abort();
    const late = [
      ...(await stopInOrder(flows?.stopping ?? [], limitMs, log)),
      ...(await stopInOrder(closing, CLOSING_MS, log)),
    ];
    if (late.length === 0) log.info('stopped');
    return late;
  }
}
