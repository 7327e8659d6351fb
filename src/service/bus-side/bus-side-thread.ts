import type { StartBusSide } from './bus-side.js';
import { openThread } from './open-thread.js';
import { BUS_THREAD } from './start-bus-side.js';
import { LOOK_MS, threadHandle } from './thread-handle.js';

const OWN = new URL('./thread-main.js', import.meta.url);

export interface BusSideThreadOptions {
  /** What the thread runs. */
  readonly module?: URL;
  /** How often it is asked whether it is alive. */
  readonly lookMs?: number | undefined;
}

/**
 * Opens a thread of its own for the bus side, so that taking in and publishing work on one processor while messages are
 * made and sent on another. It is opened at once, since that takes a second, and started by whoever has the rest ready.
 */
export function busSideThread({ module = OWN, lookMs = LOOK_MS }: BusSideThreadOptions = {}): StartBusSide {
  const thread = openThread(module, BUS_THREAD);
  // Told when it is started; until then there is nobody to tell.
  let ended = false;
  thread.once('exit', () => {
    ended = true;
  });
  // The thread has logged it.
  thread.on('error', () => undefined);
  return (start, tells) => threadHandle(thread, ended, start, tells, lookMs);
}
