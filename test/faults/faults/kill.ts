import type { Fault } from '../fault.js';
import { killPlace } from '../kill-place.js';

/** kill -9 of any instance at any instant, also while it starts; another process takes its place at once. */
export const kill: Fault = {
  name: 'kill',
  what: 'kill -9 of an instance',
  instances: 3,
  times: { whole: 8, short: 2 },
  lastsMs: [0, 0],
  restMs: [12_000, 16_000],
  recovery: { from: 'beginning', withinMs: 15_000 },
  strike: (scene) => killPlace(scene.random.pick(scene.fleet.places), scene),
};
