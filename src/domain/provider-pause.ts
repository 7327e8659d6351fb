import type { Lane } from './priority.js';
import type { Reason } from './reason.js';

/** Waits between probes, in milliseconds; the last one repeats. */
const PROBE_DELAYS_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** How long the normal lane leaves a due probe to the high one. */
const HIGH_FIRST_MS = 500;
/** Time for a lane to claim for a probe that is due. */
const CLAIM_MS = 100;
/** Both lanes look for something to probe with several times within this. */
const SHORTEST_IDLE_MS = 2_000;

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
  /** People have paused it: what was permitted before, and is not started yet, is not to start. */
  held(): boolean;
  /** Nothing came of it that says anything of the provider: if it was the probe, another one may go. */
  unused(permit: Permit): void;
  /**
   * The provider is at fault, and asks to be left alone for `retryAfterMs` if given.
   * @returns how long the message that met it is to leave the next probe to others of either lane, in
   *   milliseconds: the fault may be one message's after all. 0 unless it was the probe.
   */
  failed(permit: Permit, reason: Reason, retryAfterMs?: number): number;
  /** The provider answered about a message, so it is there. @returns false if nobody thought otherwise */
  answered(): boolean;
  state(): PauseState | null;
}

/**
 * @param now milliseconds, monotonic
 * @param onIdle the pause is over because there was nothing to probe with: the next message finds out
 */
export function createProviderPause(now: () => number, onIdle: () => void = () => {}): ProviderPause {
  let paused: (PauseState & { readonly failures: number }) | null = null;
  let probe: Permit | null = null;
  let idleSince: number | null = null;

  return {
    permit(lane, wanted) {
      if (paused === null) return { sends: wanted };
      const due = paused.nextProbe + (lane === 'high' ? 0 : HIGH_FIRST_MS);
      if (probe !== null || wanted === 0 || now() < due) return { sends: 0 };
      probe = { sends: 1 };
      return probe;
    },
    held: () => false,
    unused(permit) {
      if (permit !== probe) return;
      probe = null;
      if (paused === null) return;
      idleSince ??= now();
      if (now() - idleSince < Math.max(probeDelay(paused.failures), SHORTEST_IDLE_MS)) return;
      paused = null;
      idleSince = null;
      onIdle();
    },
    failed(permit, reason, retryAfterMs = 0) {
      const asked = now() + retryAfterMs;
      if (paused !== null && permit !== probe) {
        // Under way since before the pause: it tells nothing new, but may tell how long.
        paused = { ...paused, nextProbe: Math.max(paused.nextProbe, asked) };
        return 0;
      }
      const probed = paused !== null;
      const failures = (paused?.failures ?? 0) + 1;
      const delay = probeDelay(failures);
      const since = paused?.since ?? now();
      paused = { reason, since, failures, nextProbe: Math.max(now() + delay, asked) };
      probe = null;
      idleSince = null;
      return probed ? delay + HIGH_FIRST_MS + CLAIM_MS : 0;
    },
    answered() {
      const wasPaused = paused !== null;
      paused = null;
      probe = null;
      idleSince = null;
      return wasPaused;
    },
    state: () => paused && { reason: paused.reason, since: paused.since, nextProbe: paused.nextProbe },
  };
}

const probeDelay = (failures: number): number =>
  PROBE_DELAYS_MS[Math.min(failures, PROBE_DELAYS_MS.length) - 1] ?? 0;
