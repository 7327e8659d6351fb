import type { Fault } from '../fault.js';

/** What the service drains within, and a little. */
const STOPPED_WITHIN_MS = 26_000;

/** SIGTERM under load: one after another is replaced, as a deployment does; nobody waits longer for a code. */
export const rollingRestart: Fault = {
  name: 'sigterm',
  what: 'SIGTERM under load, one instance after another',
  instances: 2,
  times: { whole: 8, short: 2 },
  lastsMs: [0, 0],
  restMs: [4_000, 7_000],
  recovery: { from: 'beginning', withinMs: 15_000 },
  codesWithinMs: 2_000,
  async strike({ fleet }, number) {
    const place = fleet.places[number % fleet.places.length];
    if (place === undefined) throw new Error('there is no instance');
    const { life } = place;
    const ended = await place.stop(STOPPED_WITHIN_MS);
    if (ended !== 0) throw new Error(`${life} did not end in order at SIGTERM: ${ended}`);
    return {
      what: `SIGTERM to ${life}`,
      async end() {
        await place.start();
        await place.ready();
        return 0;
      },
    };
  },
};
