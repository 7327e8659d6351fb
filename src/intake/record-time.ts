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

/** A time that an event claims, ahead of `now` by a day at most: clocks go wrong by a zone, not by years. */
export const believableTime = (claimed: Date, now: Date): Date =>
  new Date(Math.min(claimed.getTime(), now.getTime() + DAY_MS));
