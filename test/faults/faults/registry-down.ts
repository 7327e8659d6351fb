import type { Fault } from '../fault.js';
import { killAndName } from '../kill-and-name.js';

/** The registry away, and an instance that starts meanwhile: it knows no schema yet. */
export const registryDown: Fault = {
  name: 'registry',
  what: 'registry down, while an instance starts',
  instances: 2,
  times: { whole: 3, short: 0 },
  lastsMs: [8_000, 14_000],
  restMs: [8_000, 12_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike(scene) {
    const { stack, fleet, random } = scene;
    const registry = stack.part('registry');
    await registry.kill();
    const place = random.pick(fleet.places);
    const { underWay } = await killAndName(place, scene);
    await place.start();
    return {
      what: `kill -9 of the registry, and of ${place.name}`,
      async end() {
        await registry.restart();
        return 0;
      },
      underWay,
    };
  },
};
