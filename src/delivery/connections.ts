import type { Lane } from '../domain/priority.js';

/**
 * Who may use how many of a provider's connections. High priority may take up all of them; the others leave
 * some free, and while high priority waits for one they get none, so that it waits at most for what is on the wire.
 */
export interface Connections {
  /** Takes whatever is free for a lane. A lane that got none is told by `onFree` once it may have some. */
  take(lane: Lane): number;
  give(lane: Lane, count: number): void;
  /** Whether more waits than the lane had connections for, as far as it knows: asked for anew with each claim. */
  wants(lane: Lane, more: boolean): void;
  /** Whether a lane may go on with those that it is about to give back. */
  mayKeep(lane: Lane): boolean;
  /** It does. */
  keep(lane: Lane, count: number): void;
}

/**
 * @param onFree for a lane that was refused. Waking whoever gives back as well would have the two wake each other
 * for ever: each takes all that is free while it looks for work.
 */
export function createConnections(
  { all, forHigh }: { readonly all: number; readonly forHigh: number },
  onFree: (lane: Lane) => void,
): Connections {
  const taken = { high: 0, normal: 0 };
  const refused = new Set<Lane>();
  let highWants = false;

  const mayKeep = (lane: Lane): boolean => lane === 'high' || !highWants;

  const freeFor = (lane: Lane): number => {
    if (!mayKeep(lane)) return 0;
    const free = all - taken.high - taken.normal;
    return Math.max(0, lane === 'high' ? free : Math.min(free, all - forHigh - taken.normal));
  };

  const offer = (giver: Lane) => {
    for (const other of refused) {
      if (other === giver || freeFor(other) === 0) continue;
      refused.delete(other);
      onFree(other);
    }
  };

  return {
    mayKeep,
    take(lane) {
      const count = freeFor(lane);
      taken[lane] += count;
      if (count === 0) refused.add(lane);
      else refused.delete(lane);
      return count;
    },
    keep(lane, count) {
      taken[lane] += count;
    },
    give(lane, count) {
      taken[lane] -= count;
      offer(lane);
    },
    wants(lane, more) {
      if (lane !== 'high') return;
      highWants = more;
      offer(lane);
    },
  };
}
