import { claimsOf } from '../claims.js';
import type { Fault } from '../fault.js';

/** kill -9 of any instance at any instant, also while it starts; another process takes its place at once. */
export const kill: Fault = {
  name: 'kill',
  what: 'kill -9 of an instance',
  instances: 3,
  times: { whole: 8, short: 2 },
  lastsMs: [0, 0],
  restMs: [12_000, 16_000],
  recovery: { from: 'beginning', withinMs: 15_000 },
  async strike({ fleet, random, databaseUrl, connections }) {
    const place = random.pick(fleet.places);
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
  },
};
