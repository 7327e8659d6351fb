import { instantOf } from './read-event.js';

const AGO = /^(\d{1,5})([mhd])$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A day, or a time of a day, as people in the bakery say it. */
const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?$/;

export const MOMENT_EXAMPLES =
  '24h (that long ago; m, h, d), 2026-03-09T08:00 (in Nairobi), 2026-03-09, or with a zone: 2026-03-09T05:00:00Z';

/** How long ago, or a time: in Nairobi, unless it names its zone. Null: neither. */
export function momentOf(text: string, now = new Date()): Date | null {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (unit === 'm' || unit === 'h' || unit === 'd') {
    return new Date(now.getTime() - Number(count) * UNIT_MS[unit]);
  }
  const [, day, time = '00:00', seconds = ':00'] = LOCAL.exec(text) ?? [];
  return instantOf(day === undefined ? text : `${day}T${time}${seconds}+03:00`);
}
