import type { Lane } from './priority.js';
import type { Reason } from './reason.js';

/** Waits between probes, in milliseconds; the last one repeats. */
const PROBE_DELAYS_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** How long the normal lane leaves a due probe to the high one. */
const HIGH_FIRST_MS = 500;

export interface PauseState {
  readonly reason: Reason;
  readonly since: number;
  readonly nextProbe: number;
}

/** Leave to start sends. Whoever was given it brings it back with what came of it, so that a probe is known again. */
export interface Permit {
  /** How many sends may start now: all that were wanted, none, or a single probe. */
  readonly sends: number;
}

/** Whether a provider may be used at all: a fault that isn't any message's own stops them all. */
export interface ProviderPause {
  permit(lane: Lane, wanted: number): Permit;
  /** Nothing came of it that says anything of the provider: if it was the probe, another one may go. */
  unused(permit: Permit): void;
  /** The provider is at fault, and asks to be left alone for `retryAfterMs` if given. */
  failed(permit: Permit, reason: Reason, retryAfterMs?: number): void;
  /** The provider answered about a message, so it is there. */
  answered(): void;
  state(): PauseState | null;
}

/** @param now milliseconds, monotonic */
export function createProviderPause(now: () => number): ProviderPause {
  let paused: (PauseState & { readonly failures: number }) | null = null;
  let probe: Permit | null = null;

  return {
    permit(lane, wanted) {
      if (paused === null) return { sends: wanted };
      const due = paused.nextProbe + (lane === 'high' ? 0 : HIGH_FIRST_MS);
      if (probe !== null || wanted === 0 || now() < due) return { sends: 0 };
      probe = { sends: 1 };
      return probe;
    },
    unused(permit) {
      if (permit === probe) probe = null;
    },
    failed(permit, reason, retryAfterMs = 0) {
      const asked = now() + retryAfterMs;
      if (paused !== null && permit !== probe) {
        // Under way since before the pause: it tells nothing new, but may tell how long.
        paused = { ...paused, nextProbe: Math.max(paused.nextProbe, asked) };
        return;
      }
      const failures = (paused?.failures ?? 0) + 1;
      const delay = PROBE_DELAYS_MS[Math.min(failures, PROBE_DELAYS_MS.length) - 1] ?? 0;
      const since = paused?.since ?? now();
      paused = { reason, since, failures, nextProbe: Math.max(now() + delay, asked) };
      probe = null;
    },
    answered() {
      paused = null;
      probe = null;
    },
    state: () => paused && { reason: paused.reason, since: paused.since, nextProbe: paused.nextProbe },
  };
}
