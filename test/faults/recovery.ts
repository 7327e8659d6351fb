import type { SeenEvent } from './seen.js';

/** When, after its publication, an event that is not at its end is late. */
export const LATE_AFTER_MS = 3_000;

export interface Struck {
  readonly beganAt: number;
  /** The fault is over: from here on the time counts. */
  readonly overAt: number;
}

/**
 * How long after each fault it took until nothing was late any more: until every event that fell due, also those that
 * the victim had under way, was accepted by the mail server and its end told to subscribers. 0 if nothing was late after it.
 * What became late between the beginning of one fault and the beginning of the next is put down to the first.
 * @param endedAt by event id; an event without one is late for good
 */
export function recoveries(
  events: readonly SeenEvent[],
  endedAt: ReadonlyMap<string, number>,
  faults: readonly Struck[],
): number[] {
  const late = events.flatMap(({ id, dueAt }) => {
    const end = endedAt.get(id) ?? Number.POSITIVE_INFINITY;
    return end - dueAt > LATE_AFTER_MS ? [{ since: dueAt + LATE_AFTER_MS, end }] : [];
  });
  return faults.map(({ beganAt, overAt }, number) => {
    const next = faults[number + 1]?.beganAt ?? Number.POSITIVE_INFINITY;
    const own = late.filter(({ since }) => since >= beganAt && since < next);
    return Math.max(0, ...own.map(({ end }) => end - overAt));
  });
}
