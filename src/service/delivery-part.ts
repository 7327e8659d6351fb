import { withDeliveryMode } from '../channels/email/delivery-mode.js';
import { SINK } from '../channels/email/sink-provider.js';
import { createSmtpProvider, smtpProviderName } from '../channels/email/smtp-provider.js';
import type { EmailProvider } from '../channels/email-provider.js';
import type { Config } from '../config/config.js';
import { createConnections } from '../delivery/connections.js';
import { createDeliver } from '../delivery/deliver.js';
import { createLane, type DeliveryLane } from '../delivery/lane.js';
import { createRecorder } from '../delivery/recorder.js';
import { createWorker } from '../delivery/worker.js';
import type { ReachCheckpoint } from '../domain/checkpoint.js';
import type { EncodeStatus } from '../domain/notification.js';
import { LANES, type Lane } from '../domain/priority.js';
import { createProviderPause } from '../domain/provider-pause.js';
import { scrub } from '../domain/scrub.js';
import type { Degradations } from '../observability/degradations.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import type { Database } from '../store/database.js';
import type { Seal } from '../store/sealing.js';
import type { Templates } from '../templates/templates.js';
import type { TemplateStates } from './template-states.js';
import { untilTold } from './until-told.js';

export interface DeliveryPartOptions {
  readonly config: Config;
  readonly database: Database;
  readonly provider: EmailProvider;
  readonly seal: Seal;
  readonly encode: EncodeStatus;
  readonly templates: Templates;
  readonly templateStates: TemplateStates;
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
  wake(lane: Lane): void;
  /** Ends what is under way; after `limitMs` its connections are dropped. */
  stop(limitMs: number): Promise<void>;
}

/** The provider as the environment names it, let through as far as DELIVERY_MODE says. */
export function createProvider({ email, delivery }: Config): EmailProvider {
  const smtp = createSmtpProvider(email);
  return withDeliveryMode(
    smtp,
    delivery.mode === 'allowlist' ? { mode: 'allowlist', allowed: delivery.allow } : delivery,
  );
}

/** What `createProvider` would give it as its name, without making one. */
export const providerName = ({ email, delivery }: Pick<Config, 'email' | 'delivery'>): string =>
  delivery.mode === 'sink' ? SINK : smtpProviderName(email);

/** Worker, lanes and recorder: from a row in the queue to its result. */
export function startDelivery(options: DeliveryPartOptions): DeliveryPart {
  const { config, database, provider, metrics, log, degradations } = options;
  const pause = createProviderPause(
    () => performance.now(),
    () => {
      metrics.providerPaused(provider.name, false);
      degradations.set(`provider ${provider.name}`, null);
    },
  );
  const worker = createWorker({
    database,
    instance: config.instanceId,
    connections: provider.connections.all,
    log,
    onStale: () => provider.dropConnections(),
    onBeat: metrics.workerBeat,
  });
  const recorder = createRecorder(database, metrics, log, options.onRecorded);
  const deliver = createDeliver({
    ...options,
    pause,
    recorder,
    retries: { retryDelayMs: config.email.retryDelayMs, maxRetries: config.email.maxRetries },
    timeoutMs: config.email.timeoutMs,
    render: (template, payload) => options.templates.render(template, 'email', payload.context),
    isActive: options.templateStates.isActive,
    scrub,
    hasTemplate: options.templates.has,
    onWaiting: (part, why, againMs) => degradations.setFor(part, why, untilTold(againMs)),
    onPause: (why) => degradations.set(`provider ${provider.name}`, why),
  });
  const connections = createConnections(provider.connections, (lane) => lanes.get(lane)?.wake());
  const lanes = new Map<Lane, DeliveryLane>(
    LANES.map((lane) => [
      lane,
      createLane({
        lane,
        connections,
        database,
        pause,
        claim: worker.claim,
        deliver,
        metrics,
        log,
      }),
    ]),
  );

  return {
    wake: (lane) => lanes.get(lane)?.wake(),
    async stop(limitMs) {
      const limit = setTimeout(() => provider.dropConnections(), limitMs);
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
      clearTimeout(limit);
      await worker.stop();
      await provider.close();
    },
  };
}
