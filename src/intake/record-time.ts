import type { BusRecord } from '../bus/record.js';

const DAY_MS = 86_400_000;
/** The last moment that both ISO 8601 with four digits and PostgreSQL can write. */
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * When a record was written, as far as a Date and a column can hold it: Kafka takes any 64 bits from its producers.
 * The same at every reading, for it is part of what dead letters are known by.
 */
export const recordTime = ({ timestamp }: Pick<BusRecord, 'timestamp'>): Date =>
  new Date(Math.min(Math.max(timestamp, 0), LATEST));

/** A time that an event claims, brought back to what can be true: after 1970, and ahead of `now` by a wrong clock at most. */
export const believableTime = (claimed: Date, now: Date): Date =>
  new Date(Math.min(Math.max(claimed.getTime(), 0), now.getTime() + DAY_MS));
