import { setTimeout as sleep } from 'node:timers/promises';
import { claimsOf } from './claims.js';
import type { Scene } from './fault.js';
import type { Place } from './fleet.js';

export interface Killed {
  readonly life: string;
  /** How many messages it had under way when it was gone. */
  readonly claims: number;
  /** All that it left in doubt. @throws Error if that is more than it had connections */
  underWay(): Promise<readonly string[]>;
}

/** Its last statement may be committed after its death; its claims stay for 8 s. */
const LAST_STATEMENT_MS = 2_000;

/** SIGKILL, and which messages it had claimed. @throws Error if it had more under way than connections */
export async function killAndName(place: Place, { databaseUrl, connections }: Scene): Promise<Killed> {
  await place.kill();
  const { life } = place;
  const claimed = async () => {
    const ids = (await claimsOf(databaseUrl, life)).map(({ notificationId }) => notificationId);
    if (ids.length <= connections) return ids;
    throw new Error(`${life} had ${ids.length} messages under way with ${connections} connections`);
  };
  const first = await claimed();
  // Meanwhile the next process may start.
  const second = sleep(LAST_STATEMENT_MS).then(claimed);
  // Whoever asks for it hears of it.
  second.catch(() => undefined);
  return {
    life,
    claims: first.length,
    underWay: async () => [...new Set([...first, ...(await second)])],
  };
}
