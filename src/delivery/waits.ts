const SHORTEST_MS = 15_000;
const LONGEST_MS = 300_000;
const TELL_EVERY_MS = 60_000;

export interface Wait {
  /** For how long a message is to stay away. */
  readonly ms: number;
  /** The log has not been told for a minute. */
  readonly tell: boolean;
}

/** How long messages stay away that wait for the same thing of ours: the longer it is missing, the longer. */
export interface Waits {
  /** A message met it. */
  met(what: string): Wait;
}

interface Missing {
  readonly since: number;
  readonly lastMet: number;
  readonly toldAt: number;
}

/** @param now milliseconds, monotonic */
export function createWaits(now: () => number): Waits {
  const missing = new Map<string, Missing>();
  return {
    met(what) {
      const at = now();
      // As long as any waits, one of them asks within the longest wait.
      for (const [other, { lastMet }] of missing) if (at - lastMet > 2 * LONGEST_MS) missing.delete(other);
      const before = missing.get(what);
      const since = before?.since ?? at;
      const tell = before === undefined || at - before.toldAt >= TELL_EVERY_MS;
      missing.set(what, { since, lastMet: at, toldAt: tell ? at : before.toldAt });
      return { ms: Math.round(Math.min(Math.max(at - since, SHORTEST_MS), LONGEST_MS)), tell };
    },
  };
}
