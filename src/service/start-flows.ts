import type { Config } from '../config/config.js';
import { expireWaiting } from '../delivery/expire-waiting.js';
import type { Outlet } from '../delivery/outlet.js';
import { recoverClaims } from '../delivery/recover-claims.js';
import type { ReachCheckpoint } from '../domain/checkpoint.js';
import { createWaking, expireParked } from '../intake/wake-parked.js';
import type { Degradations } from '../observability/degradations.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { analyseMistaken } from '../store/analyse-mistaken.js';
import type { Database } from '../store/database.js';
import { createBrakeWatch } from './brake-watch.js';
import type { BusSide, StartBusSide } from './bus-side/bus-side.js';
import { startDelivery } from './delivery-part.js';
import { startHousekeeping } from './housekeeping.js';
import type { Definitions } from './load-definitions.js';
import { notificationParts } from './notification-parts.js';
import type { OperatorPauses } from './operator-pauses.js';
import { providerNames } from './outlets.js';
import type { StoppingPart } from './stop-in-order.js';
import type { TemplateStates } from './template-states.js';
import type { Tuning } from './tuning.js';

export interface FlowsOptions {
  readonly config: Config;
  readonly definitions: Definitions;
  readonly tuning: Tuning;
  readonly database: Database;
  /** The same one, for the few statements that record results. */
  readonly recording: Database;
  readonly startBusSide: StartBusSide;
  readonly outlets: readonly Outlet[];
  readonly templateStates: TemplateStates;
  /** Read once: before that nothing may be claimed. */
  readonly operatorPauses: OperatorPauses;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly degradations: Degradations;
  readonly reach: ReachCheckpoint;
  /** Nothing but a restart helps. */
  readonly onFatal: (error: Error) => void;
}

/** Everything that moves, once the database is there. */
export interface Flows {
  /** Every consumer has joined its group, or has no topic to join for yet. */
  readonly joined: Promise<void>;
  hasJoined(): boolean;
  readonly busSide: Pick<BusSide, 'counted' | 'close'>;
  /** In the order of the way: nothing new, then what is under way, then what came of it. */
  readonly stopping: readonly StoppingPart[];
}

export function startFlows(options: FlowsOptions): Flows {
  const { config, database, metrics, log, degradations, tuning, templateStates } = options;
  const retries = { retryDelayMs: config.email.retryDelayMs, maxRetries: config.email.maxRetries };
  const parts = notificationParts({
    config,
    definitions: options.definitions,
    templateVersion: templateStates.version,
    providers: providerNames(config),
  });
  const { encode, seal, templates } = parts;

  const delivery = startDelivery({
    ...options,
    seal,
    encode,
    templates,
    onRecorded: () => busSide.wakeRelay(),
  });
  const wakeParked = createWaking({ ...parts, database, metrics, log });
  const housekeeping = startHousekeeping({
    everyMs: tuning.housekeepingMs,
    onDegraded: (why) => degradations.set('housekeeping', why),
    tasks: [
      // First: it makes the others quick.
      async () => {
        for (const table of await analyseMistaken(database)) {
          log.info('a table was analysed that the database took for far smaller than it is', { table });
        }
      },
      async () => {
        for (const queue of await wakeParked()) delivery.wake(queue);
      },
      () => expireParked({ database, metrics }),
      () => expireWaiting(database, encode, metrics),
      () => recoverClaims({ database, encode, retries, metrics, log }),
      async () => {
        await templateStates.refresh();
        busSide.knowTemplates(templateStates.known());
      },
      createBrakeWatch(database, degradations),
    ],
  });

  // Apart from the rest: whoever stops a provider does not wait for a long round of other work.
  const pauseWatch = startHousekeeping({
    everyMs: tuning.housekeepingMs,
    onDegraded: (why) => degradations.set('pauses', why),
    tasks: [options.operatorPauses.refresh],
  });

  const busSide = options.startBusSide(
    { tuning, knownTemplates: templateStates.known() },
    {
      queued(queues) {
        for (const queue of queues) delivery.wake(queue);
      },
      profilesChanged: housekeeping.wake,
      degraded(part, why, forMs) {
        if (why === null || forMs === null) degradations.set(part, why);
        else degradations.setFor(part, why, forMs);
      },
      dead: options.onFatal,
    },
  );
  let joined = false;
  const joining = busSide.joined.then(() => {
    joined = true;
  });
  // Told as dead; whoever waits for it hears it here too.
  joining.catch(() => undefined);

  return {
    joined: joining,
    hasJoined: () => joined,
    busSide,
    stopping: [
      {
        name: 'reading',
        until: 0.35,
        stop: busSide.stopReading,
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
        stop: busSide.stopPublishing,
        otherwise: 'statuses wait in the outbox for another instance',
      },
    ],
  };
}
