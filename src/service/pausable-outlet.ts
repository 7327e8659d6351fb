import type { Outlet } from '../delivery/outlet.js';
import { createProviderPause, type ProviderPause } from '../domain/provider-pause.js';
import type { Degradations } from '../observability/degradations.js';
import type { Metrics } from '../observability/metrics.js';
import type { Pause } from '../store/pauses.js';
import type { PausedProvider } from '../store/provider-pauses.js';

export interface PausableOutlet {
  readonly outlet: Outlet;
  readonly pause: ProviderPause;
  /** Why, or null: it is over. */
  readonly onPause: (why: string | null) => void;
  /** The provider's own pause, and those of people. */
  readonly paused: () => readonly PausedProvider[];
}

/**
 * An outlet with the pause of its provider, of which probes, metrics and who looks from outside are told.
 * @param byPeople what they have paused: nothing is started, and whatever the provider is found to be stays as it is
 */
export function pausableOutlet(
  outlet: Outlet,
  metrics: Metrics,
  degradations: Degradations,
  byPeople: () => readonly Pause[],
): PausableOutlet {
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
  const ownPause = (): PausedProvider[] => {
    const state = pause.state();
    if (state === null) return [];
    const since = new Date(Date.now() - (performance.now() - state.since));
    return [{ channel, provider: provider.name, reason: state.reason, answer, since }];
  };
  const peoplesPauses = (): PausedProvider[] =>
    byPeople().map(({ what, note, by, since }) => ({
      ...{ channel, provider: provider.name, reason: 'held' as const, answer: note, since },
      byPeople: { what, who: by },
    }));
  return {
    outlet,
    pause: {
      ...pause,
      permit: (lane, wanted) => (byPeople().length === 0 ? pause.permit(lane, wanted) : { sends: 0 }),
      held: () => byPeople().length > 0,
    },
    onPause(why) {
      // What was under way since before the pause may have met another fault.
      if (why === null || why.startsWith(`${pause.state()?.reason}:`)) answer = why ?? '';
      degradations.set(part, why);
    },
    paused: () => [...peoplesPauses(), ...ownPause()],
  };
}
