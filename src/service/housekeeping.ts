import { createWakeUp } from '../domain/wake-up.js';

export interface Housekeeping {
  /** Do a round now. */
  wake(): void;
  stop(): Promise<void>;
}

export interface HousekeepingOptions {
  readonly everyMs: number;
  /** Done one after the other; one that fails doesn't keep the others from their turn. */
  readonly tasks: readonly (() => Promise<unknown>)[];
  /** A task failed (why), or a whole round went well (null). */
  readonly onDegraded: (why: string | null) => void;
}

/** What is to be looked after from time to time, whoever does it first. */
export function startHousekeeping({ everyMs, tasks, onDegraded }: HousekeepingOptions): Housekeeping {
  const wakeUp = createWakeUp();
  let running = true;

  const round = async () => {
    let fault: string | null = null;
    for (const task of tasks) {
      try {
        await task();
      } catch (error) {
        fault ??= error instanceof Error ? error.message : String(error);
      }
    }
    onDegraded(fault);
  };

  const loop = async () => {
    while (running) {
      await round();
      if (running) await wakeUp.sleep(everyMs);
    }
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
