import type { Fault } from '../fault.js';
import { kill } from './kill.js';

/** Kill after kill, with no time to come to rest: a whole long run of it. */
export const manyKills: Fault = {
  ...kill,
  name: 'kills',
  what: 'kill -9 of one of four instances, again and again',
  instances: 4,
  restMs: [600, 1_600],
};
