import { InvalidArgumentError } from 'commander';
import { instantOf } from './read-event.js';

/** For options that take a time. */
export function isoTime(text: string): Date {
  const time = instantOf(text);
  if (time !== null) return time;
  throw new InvalidArgumentError('It must be a time with its zone, such as 2026-03-09T08:00:00+03:00.');
}
