import { createWakeUp } from '../domain/wake-up.js';
import { type PublishOptions, publishOutbox } from './publish-outbox.js';

/** Whoever writes rows wakes its own relay; this finds what a dead instance or a command left. */
const POLL_MS = 1_000;
/** Another instance is publishing: it may have looked before our rows were there. */
const BUSY_MS = 20;
const FAULT_MS = 1_000;

export interface Relay {
  /** Something was put into the outbox. */
  wake(): void;
  /** Publishes what is there and ends. */
  stop(): Promise<void>;
}

export interface RelayOptions extends PublishOptions {
  readonly topics: readonly string[];
  /** Something keeps statuses from being published (why), or no longer does (null). */
  readonly onDegraded: (why: string | null) => void;
}

/** Brings the outbox to the bus, topic by topic: one that is missing doesn't hold up the others. */
export function startRelay(options: RelayOptions): Relay {
  const wakeUp = createWakeUp();
  let running = true;

  const round = async (): Promise<number> => {
    let fault: string | null = null;
    let more = false;
    let busy = false;
    for (const topic of options.topics) {
      try {
        const result = await publishOutbox(topic, options);
        if (result.kind === 'busy') {
          busy = true;
          continue;
        }
        more ||= result.more;
        fault ??= result.fault;
      } catch (error) {
        fault ??= error instanceof Error ? error.message : String(error);
        options.log.warn('the outbox can not be published', { topic }, error);
      }
    }
    options.onDegraded(fault);
    if (more) return 0;
    if (fault !== null) return FAULT_MS;
    return busy ? BUSY_MS : POLL_MS;
  };

  const loop = async () => {
    while (running) await wakeUp.sleep(await round());
    await round();
  };
  const looping = loop();

  return {
    wake: wakeUp.wake,
    async stop() {
      running = false;
      wakeUp.wake();
      await looping;
    },
  };
}
