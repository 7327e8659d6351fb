import type { Lane } from '../domain/priority.js';

/**
 * Who may use how many of a provider's connections. High priority may take up all of them; the others leave
 * some free, so that high priority waits at most for what is on the wire.
 */
export interface Connections {
  /** Takes whatever is free for a lane. @returns how many */
  take(lane: Lane): number;
  give(lane: Lane, count: number): void;
}

export function createConnections({
  all,
  forHigh,
}: {
  readonly all: number;
  readonly forHigh: number;
}): Connections {
  const taken = { high: 0, normal: 0 };
  return {
    take(lane) {
      const free = all - taken.high - taken.normal;
      const share = lane === 'high' ? free : Math.min(free, all - forHigh - taken.normal);
      const count = Math.max(0, share);
      taken[lane] += count;
      return count;
    },
    give(lane, count) {
      taken[lane] -= count;
    },
  };
}
