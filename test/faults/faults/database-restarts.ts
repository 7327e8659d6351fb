import type { Fault } from '../fault.js';

/** PostgreSQL shut down fast and started again: every connection and open transaction ends. */
export const databaseRestarts: Fault = {
  name: 'database',
  what: 'PostgreSQL restarted',
  instances: 2,
  times: { whole: 4, short: 1 },
  lastsMs: [0, 0],
  restMs: [8_000, 12_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike({ stack, fleet, connections }) {
    await stack.part('postgres').restart();
    return { what: 'PostgreSQL restarted', end: async () => fleet.places.length * connections };
  },
};
