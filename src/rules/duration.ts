import type { Duration } from './words.js';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Of a rule that says nothing. */
export const DEFAULT_EXPIRY: Duration = '7d';
/** As long as statuses stay on their topic: whatever an event says, nothing is kept sealed for years on its word. */
export const LONGEST_WAIT: Duration = '30d';

/** Milliseconds. @throws RangeError for what is no whole, positive number of minutes, hours or days. */
export function durationMs(duration: Duration): number {
  const [, count, unit] = /^([1-9]\d*)([mhd])$/.exec(duration) ?? [];
  const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
  if (count === undefined || unitMs === undefined) {
    throw new RangeError(`"${duration}" is no duration; write it as 10m, 24h or 7d`);
  }
  return Number(count) * unitMs;
}
