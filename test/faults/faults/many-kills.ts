import { waitFor } from '../../helpers/wait-for.js';
import { readWaiting } from '../evidence.js';
import type { Fault } from '../fault.js';
import type { Place } from '../fleet.js';
import { killPlace } from '../kill-place.js';

const FLOOD = 1_500;

/**
 * Bursts of kills while thousands of messages wait for a slow mail server: so most kills hit
 * as much as can be on the wire. Between bursts all comes to rest: a group whose members never stop dying reads
 * nothing, and then there is nothing to lose.
 */
export const manyKills: Fault = {
  name: 'kills',
  what: 'kill -9 of one of four instances, again and again',
  instances: 4,
  times: { whole: 0, short: 0 },
  lastsMs: [0, 0],
  // A start takes this machine a second and a half of processor: faster, and nothing else would be done.
  restMs: [700, 1_900],
  bursts: { of: [24, 40], calmWithinMs: 90_000 },
  mailTakesMs: [20, 60],
  perSecond: 20,
  recovery: { from: 'beginning', withinMs: 60_000 },
  async beforeBurst({ flood, databaseUrl }) {
    flood(FLOOD);
    await waitFor(async () => (await readWaiting(databaseUrl)).length > FLOOD / 2, {
      what: 'messages to wait for delivery',
      timeoutMs: 20_000,
      everyMs: 200,
    })
      // Read no faster than sent: then there is as much to hit as there can be.
      .catch(() => undefined);
  },
  strike(scene) {
    const { random, fleet } = scene;
    return killPlace(older(random.pick(fleet.places), random.pick(fleet.places)), scene);
  },
};

/** Who has only just started has nothing on the wire yet: of two, the one who has lived longer. */
const older = (one: Place, other: Place): Place => (one.startedAt <= other.startedAt ? one : other);
