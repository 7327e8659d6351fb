import type { Channel } from '../domain/channel.js';
import type { Priority } from '../domain/priority.js';
import type { Log } from '../observability/log.js';
import type { WorkerClaim } from '../store/claim-deliveries.js';
import type { Database } from '../store/database.js';
import { releaseLostClaims } from '../store/release-claims.js';

/** For how long a claim that failed may still come about: a little longer than a statement may take. */
const DOUBT_MS = 40_000;
const LOOK_AGAIN_MS = 5_000;

/** Frees what was claimed by a statement whose answer never came: nobody else ever would. */
export interface LostClaims {
  /** A claim failed; it may have been made all the same. */
  doubt(): void;
  /** There may be some: until they are looked for once more, every claim has to be one that `look` is told of. */
  inDoubt(): boolean;
  /** Looks while there is doubt, and once after it. To be called while no claim of its own is under way. */
  look(worker: WorkerClaim, known: Iterable<string>): Promise<void>;
}

export function createLostClaims(
  database: Database,
  claimed: { readonly channel: Channel; readonly priorities: readonly Priority[] },
  log: Log,
): LostClaims {
  let doubtEnds: number | null = null;
  let nextLook = 0;
  return {
    doubt() {
      doubtEnds = performance.now() + DOUBT_MS;
      nextLook = 0;
    },
    inDoubt: () => doubtEnds !== null,
    async look(worker, known) {
      const now = performance.now();
      if (doubtEnds === null || now < nextLook) return;
      nextLook = now + LOOK_AGAIN_MS;
      const claims = await releaseLostClaims(database, worker, claimed, [...known]);
      // Only a look that began after the last instant at which the claim could come about settles it.
      if (now > doubtEnds) doubtEnds = null;
      if (claims > 0) log.warn('claims whose answer was lost are free again', { claims });
    },
  };
}
