const STEP_MS = 1_000;
const LONGEST_MS = 60_000;
/** Far more than are tried while a provider is paused. */
const MOST_REMEMBERED = 1_000;

/**
 * Counts the provider-wide faults that each message met. One whose answer is misread as such would pause the
 * provider for all, again and again: the more it met, the longer it stays away.
 */
export interface Blame {
  /** @returns for how long the message is to stay away, in milliseconds: not at all the first time */
  again(notificationId: string): number;
  lift(notificationId: string): void;
}

export function createBlame(): Blame {
  const faults = new Map<string, number>();
  return {
    again(id) {
      const before = faults.get(id) ?? 0;
      if (faults.size >= MOST_REMEMBERED) faults.clear();
      faults.set(id, before + 1);
      return Math.min(before * STEP_MS, LONGEST_MS);
    },
    lift: (id) => void faults.delete(id),
  };
}
