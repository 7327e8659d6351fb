import type { Fault } from '../fault.js';

const FEWEST = 2;
const MOST = 4;
const LOADED_AFTER_MS = 4_000;
const STOPPED_WITHIN_MS = 26_000;

/** Instances come and go, two to four of them: partitions move all the time. */
export const rebalances: Fault = {
  name: 'rebalances',
  what: 'instances joining and leaving, two to four',
  instances: 3,
  times: { whole: 14, short: 0 },
  lastsMs: [0, 0],
  restMs: [1_000, 5_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike({ fleet, random }) {
    const running = fleet.places.filter((place) => place.running);
    const joins = running.length <= FEWEST || (running.length < MOST && random.fraction() < 0.5);
    if (joins) {
      const place = fleet.places.find((one) => !one.running) ?? (await fleet.add());
      await place.start();
      return { what: `${place.life} joins ${running.length} others`, end: async () => 0 };
    }
    const place = random.pick(running);
    const youngMs = Date.now() - place.startedAt;
    const ended = await place.stop(STOPPED_WITHIN_MS);
    // As Node ends a program that is still being loaded: it has begun nothing.
    if (ended === 'SIGTERM' && youngMs < LOADED_AFTER_MS) {
      return { what: `${place.life} leaves before it has begun`, end: async () => 0 };
    }
    if (ended !== 0) throw new Error(`${place.life} did not end in order at SIGTERM: ${ended}`);
    return { what: `${place.life} leaves ${running.length - 1} others`, end: async () => 0 };
  },
};
