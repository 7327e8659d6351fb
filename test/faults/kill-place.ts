import type { Scene, Strike } from './fault.js';
import type { Place } from './fleet.js';
import { killAndName } from './kill-and-name.js';

/** SIGKILL; at the end another process takes its place. @throws Error if it had more under way than connections */
export async function killPlace(place: Place, scene: Scene): Promise<Strike> {
  const { life, claims, underWay } = await killAndName(place, scene);
  return {
    what: `kill -9 of ${life}, ${claims} under way`,
    async end() {
      await place.start();
      return 0;
    },
    underWay,
    hits: () => claims,
  };
}
