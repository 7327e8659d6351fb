import { InvalidArgumentError } from 'commander';
import { MOMENT_EXAMPLES, momentOf } from './moment.js';

/** For --since and its like. */
export function since(text: string): Date {
  const time = momentOf(text);
  if (time !== null) return time;
  throw new InvalidArgumentError(`It must be a time: ${MOMENT_EXAMPLES}.`);
}
