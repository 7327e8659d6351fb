import type { BusinessDate, Instant } from './values.js';

const DAY_MS = 86_400_000;
/** East Africa Time has had no daylight saving since 1960. */
const NAIROBI_OFFSET = '+03:00';

/** That time of that day in Nairobi. */
export function at(day: BusinessDate, time: `${number}:${number}`): Instant {
  return new Date(`${day}T${time}:00${NAIROBI_OFFSET}`);
}

/** Midnight after that day in Nairobi. */
export function endOf(day: BusinessDate): Instant {
  return new Date(at(day, '00:00').getTime() + DAY_MS);
}

/** The day in Nairobi, at that instant. */
export function businessDateOf(instant: Date): BusinessDate {
  return new Date(instant.getTime() + 3 * 3_600_000).toISOString().slice(0, 10);
}
