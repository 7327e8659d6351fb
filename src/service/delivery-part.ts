import type { Config } from '../config/config.js';
import { createConnections } from '../delivery/connections.js';
import { createDeliver } from '../delivery/deliver.js';
import { createLane, type DeliveryLane } from '../delivery/lane.js';
import type { Outlet } from '../delivery/outlet.js';
import { createRecorder } from '../delivery/recorder.js';
import { createWorker, type Worker } from '../delivery/worker.js';
import type { ReachCheckpoint } from '../domain/checkpoint.js';
import type { EncodeStatus } from '../domain/notification.js';
import { LANES, type Lane } from '../domain/priority.js';
import type { Queue } from '../domain/queue.js';
import { scrub } from '../domain/scrub.js';
import type { Degradations } from '../observability/degradations.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import type { Database } from '../store/database.js';
import type { Seal } from '../store/sealing.js';
import type { Templates } from '../templates/templates.js';
import type { OperatorPauses } from './operator-pauses.js';
import { type PausableOutlet, pausableOutlet } from './pausable-outlet.js';
import type { TemplateStates } from './template-states.js';
import { untilTold } from './until-told.js';

export interface DeliveryPartOptions {
  readonly config: Config;
  readonly database: Database;
  /** The same one, for the few statements that record results. */
  readonly recording: Database;
  readonly outlets: readonly Outlet[];
  readonly seal: Seal;
  readonly encode: EncodeStatus;
  readonly templates: Templates;
  readonly templateStates: TemplateStates;
  readonly operatorPauses: Pick<OperatorPauses, 'of'>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly degradations: Degradations;
  readonly reach: ReachCheckpoint;
  /** Something was put into the outbox. */
  readonly onRecorded: () => void;
  /** Nothing but a restart helps. */
  readonly onFatal: (error: Error) => void;
}

export interface DeliveryPart {
  wake(queue: Queue): void;
  /** Ends what is under way; after `limitMs` its connections are dropped. */
  stop(limitMs: number): Promise<void>;
}

/** Worker, and the lanes with their recorders of every channel: from a row in the queue to its result. */
export function startDelivery(options: DeliveryPartOptions): DeliveryPart {
  const { config, database, outlets, metrics, log } = options;
  const dropConnections = () => {
    for (const { provider } of outlets) provider.dropConnections();
  };
  const pausable = outlets.map((outlet) =>
    pausableOutlet(outlet, metrics, options.degradations, () =>
      options.operatorPauses.of(outlet.channel, outlet.provider.name),
    ),
  );
  const worker = createWorker({
    database,
    instance: config.instanceId,
    connections: outlets.reduce((sum, { provider }) => sum + provider.connections.all, 0),
    pauses: () => pausable.flatMap(({ paused }) => paused()),
    log,
    onStale: dropConnections,
    onBeat: metrics.workerBeat,
  });
  const lanes = new Map<Queue, DeliveryLane>(
    pausable.flatMap((outlet) => [...startLanes(outlet, worker, options)]),
  );

  return {
    wake: (queue) => lanes.get(queue)?.wake(),
    async stop(limitMs) {
      const limit = setTimeout(dropConnections, limitMs);
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
      clearTimeout(limit);
      await worker.stop();
      await Promise.all(outlets.map(({ provider }) => provider.close()));
    },
  };
}

/** One channel's lanes: they share its provider's connections, and its pause. */
function startLanes(
  { outlet, pause, onPause }: PausableOutlet,
  worker: Worker,
  options: DeliveryPartOptions,
): ReadonlyMap<Queue, DeliveryLane> {
  const { config, database, metrics, log, degradations } = options;
  const { channel, provider } = outlet;
  const byLane = new Map<Lane, DeliveryLane>();
  const connections = createConnections(provider.connections, (lane) => byLane.get(lane)?.wake());
  for (const lane of LANES) {
    const recorder = createRecorder(
      options.recording,
      metrics,
      log,
      options.onRecorded,
      (ended) => byLane.get(lane)?.claimAlong(ended) ?? null,
    );
    const deliver = createDeliver({
      ...options,
      outlet,
      pause,
      recorder,
      retries: { retryDelayMs: config.email.retryDelayMs, maxRetries: config.email.maxRetries },
      timeoutMs: config.email.timeoutMs,
      isActive: options.templateStates.isActive,
      scrub,
      hasTemplate: (path) =>
        options.templates.has(path) && options.templates.channels(path).includes(channel),
      onWaiting: (waiting, why, againMs) => degradations.setFor(waiting, why, untilTold(againMs)),
      onPause,
    });
    byLane.set(
      lane,
      createLane({ channel, lane, connections, database, pause, claim: worker.claim, deliver, metrics, log }),
    );
  }
  return new Map(
    [...byLane].map(([lane, started]): [Queue, DeliveryLane] => [`${channel}/${lane}`, started]),
  );
}
