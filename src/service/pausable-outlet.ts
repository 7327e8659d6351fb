import type { Outlet } from '../delivery/outlet.js';
import { createProviderPause, type ProviderPause } from '../domain/provider-pause.js';
import type { Degradations } from '../observability/degradations.js';
import type { Metrics } from '../observability/metrics.js';
import type { PausedProvider } from '../store/provider-pauses.js';

export interface PausableOutlet {
  readonly outlet: Outlet;
  readonly pause: ProviderPause;
  /** Why, or null: it is over. */
  readonly onPause: (why: string | null) => void;
  /** At most one. */
  readonly paused: () => readonly PausedProvider[];
}

/** An outlet with the pause of its provider, of which probes, metrics and who looks from outside are told. */
export function pausableOutlet(outlet: Outlet, metrics: Metrics, degradations: Degradations): PausableOutlet {
  const { channel, provider } = outlet;
  const part = `provider ${provider.name}`;
  let answer = '';
  const pause = createProviderPause(
    () => performance.now(),
    () => {
      metrics.providerPaused(provider.name, false);
      degradations.set(part, null);
    },
  );
  return {
    outlet,
    pause,
    onPause(why) {
      // What was under way since before the pause may have met another fault.
      if (why === null || why.startsWith(`${pause.state()?.reason}:`)) answer = why ?? '';
      degradations.set(part, why);
    },
    paused() {
      const state = pause.state();
      if (state === null) return [];
      const since = new Date(Date.now() - (performance.now() - state.since));
      return [{ channel, provider: provider.name, reason: state.reason, answer, since }];
    },
  };
}
