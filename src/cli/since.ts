import { InvalidArgumentError } from 'commander';
import { instantOf } from './read-event.js';

const AGO = /^(\d{1,5})([mhd])$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** For --since: a time with its zone, or how long ago (30m, 24h, 7d). */
export function since(text: string): Date {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (unit === 'm' || unit === 'h' || unit === 'd')
    return new Date(Date.now() - Number(count) * UNIT_MS[unit]);
  const time = instantOf(text);
  if (time !== null) return time;
  throw new InvalidArgumentError(
    'It must be 30m, 24h, 7d, or a time with its zone: 2026-03-09T08:00:00+03:00.',
  );
}
