import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../store/database.js';
import { stoppedInstances } from '../store/stopped-instances.js';

/** They look every second, and tell with the next beat, at most two seconds later. */
const PATIENCE_MS = 8_000;
const LOOK_EVERY_MS = 250;

export interface Following {
  /** Running instances that say that they do as they are told. */
  readonly following: readonly string[];
  readonly others: readonly string[];
}

/** Waits some seconds for every running instance to say that it starts nothing by this any more, or does again. */
export async function untilInstances(
  database: Database,
  what: string,
  then: 'stop' | 'go on',
): Promise<Following> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const instances = await stoppedInstances(database, what);
    const follows = ({ stopped }: (typeof instances)[number]) => stopped === (then === 'stop');
    const others = instances.filter((one) => !follows(one)).map(({ instance }) => instance);
    if (others.length === 0 || performance.now() > end) {
      return { following: instances.filter(follows).map(({ instance }) => instance), others };
    }
    await sleep(LOOK_EVERY_MS);
  }
}
