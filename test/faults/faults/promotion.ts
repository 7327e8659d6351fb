import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.js';
import { publishManager, publishSilentHolder } from '../holders.js';
import { type Killed, killAndName } from '../kill-and-name.js';

const ROLES = ['ADMIN', 'PRODUCT_MANAGER'] as const;

/**
 * A role loses its holder, so that alerts are parked for it; then who has had those alerts under the other role takes
 * it: all that wakes is for somebody who was written to before. An instance is killed while it wakes.
 */
export const promotion: Fault = {
  name: 'promotion',
  what: 'kill -9 while parked alerts wake for who has had them',
  instances: 2,
  times: { whole: 5, short: 0 },
  lastsMs: [2_000, 5_000],
  restMs: [10_000, 13_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike(scene, number) {
    const { publisher, fleet, random } = scene;
    const [taken, left] = number % 2 === 0 ? ROLES : ROLES.toReversed();
    if (taken === undefined || left === undefined) throw new Error('there are two roles');
    await publishSilentHolder(publisher, { role: taken, active: false });
    let killed: Killed | undefined;
    return {
      what: `nobody is ${taken}, until the ${left} takes that role`,
      async end() {
        await publishManager(publisher, { role: taken });
        await sleep(random.whole([0, 1_500]));
        const place = random.pick(fleet.places);
        killed = await killAndName(place, scene);
        await place.start();
        await publishSilentHolder(publisher, { role: left, active: true });
        return 0;
      },
      underWay: async () => (await killed?.underWay()) ?? [],
    };
  },
};
