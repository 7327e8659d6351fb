import { fileURLToPath } from 'node:url';
import type { Fault } from '../fault.js';

const PRELOAD = fileURLToPath(new URL('../jumping-clock.mjs', import.meta.url));
const JUMPS_MS = [240_000, -240_000];

/**
 * The clock of one instance jumps by four minutes, forward, back, and behind. Not by libfaketime, which CI need not have:
 * a preload moves Date inside that process, as a step of the system clock would; what measures intervals stays.
 */
export const clocks: Fault = {
  name: 'clocks',
  what: 'the clock of an instance jumps by 4 minutes (Date, by a preload)',
  instances: 2,
  times: { whole: 6, short: 0 },
  lastsMs: [1_000, 4_000],
  restMs: [3_000, 6_000],
  recovery: { from: 'end', withinMs: 15_000 },
  environment: { NODE_OPTIONS: `--import=${PRELOAD}`, FAULTS_CLOCK_JUMPS_MS: JUMPS_MS.join(',') },
  async strike({ fleet, random }, number) {
    const place = random.pick(fleet.places);
    place.signal('SIGUSR2');
    const jump = (JUMPS_MS[number % JUMPS_MS.length] ?? 0) / 60_000;
    return { what: `the clock of ${place.life} jumps by ${jump} minutes, or back`, end: async () => 0 };
  },
};
