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

/** Whether a provider may be used at all: a fault that isn't any message's own stops them all. */
export interface ProviderPause {
  /** How many of `wanted` sends may start now: all, none, or a single probe. */
  permits(lane: Lane, wanted: number): number;
  /** The probe that was permitted found nothing to send. */
  probeUnused(): void;
  /** The provider is at fault. A login that fails or a quota waits for `retryAfterMs` if given. */
  failed(reason: Reason, retryAfterMs?: number): void;
  /** The provider answered about a message, so it is there. */
  answered(): void;
  state(): PauseState | null;
}

/** @param now milliseconds, monotonic */
export function createProviderPause(now: () => number): ProviderPause {
  let paused: { reason: Reason; since: number; nextProbe: number; failures: number } | null = null;
  let probing = false;

  return {
    permits(lane, wanted) {
      if (paused === null) return wanted;
      const due = paused.nextProbe + (lane === 'high' ? 0 : HIGH_FIRST_MS);
      if (probing || wanted === 0 || now() < due) return 0;
      probing = true;
      return 1;
    },
    probeUnused() {
      probing = false;
    },
    failed(reason, retryAfterMs = 0) {
      const failures = (paused?.failures ?? 0) + (paused === null || probing ? 1 : 0);
      const delay = PROBE_DELAYS_MS[Math.min(failures, PROBE_DELAYS_MS.length) - 1] ?? 0;
      const since = paused?.since ?? now();
      paused = { reason, since, failures, nextProbe: now() + Math.max(delay, retryAfterMs) };
      probing = false;
    },
    answered() {
      paused = null;
      probing = false;
    },
    state: () => paused && { reason: paused.reason, since: paused.since, nextProbe: paused.nextProbe },
  };
}
