import { claimsOf } from './claims.js';
import type { Scene, Strike } from './fault.js';
import type { Place } from './fleet.js';

/** SIGKILL; at the end another process takes its place. @throws Error if it had more under way than connections */
export async function killPlace(place: Place, { databaseUrl, connections }: Scene): Promise<Strike> {
  await place.kill();
  const { life } = place;
  const claims = (await claimsOf(databaseUrl, life)).length;
  if (claims > connections) {
    throw new Error(`${life} had ${claims} messages under way with ${connections} connections`);
  }
  return {
    what: `kill -9 of ${life}, ${claims} under way`,
    async end() {
      await place.start();
      // Its last statement may still be at work in the database when the claims are counted.
      return connections;
    },
  };
}
