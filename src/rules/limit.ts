import { type BrakeLimit, parseLimit } from '../domain/brake.js';
import type { Limit } from './words.js';

/** @throws RangeError for what is not such as 200/1h */
export function limitOf(limit: Limit): BrakeLimit {
  const parsed = parseLimit(limit);
  if (parsed === null) throw new RangeError(`"${limit}" is no limit; write it as 200/1h`);
  return parsed;
}
