import type { BrakeLimit } from '../domain/brake.js';
import { durationMs } from './duration.js';
import type { Duration, Limit } from './words.js';

/** @throws RangeError for what is not such as 200/1h */
export function parseLimit(limit: Limit): BrakeLimit {
  const [, messages, per] = /^([1-9]\d{0,8})\/(\d+[mhd])$/.exec(limit) ?? [];
  if (messages === undefined || per === undefined || !isDuration(per)) {
    throw new RangeError(`"${limit}" is no limit; write it as 200/1h`);
  }
  return { messages: Number(messages), perMs: durationMs(per) };
}

const isDuration = (text: string): text is Duration => /^\d+[mhd]$/.test(text);
