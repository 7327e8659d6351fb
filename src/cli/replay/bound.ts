import { InvalidArgumentError } from 'commander';
import type { Bound } from '../../bus/topic-range.js';
import { MOMENT_EXAMPLES, momentOf } from '../moment.js';

/** For --from and --to: digits alone are an offset, anything else a time. */
export function bound(text: string): Bound {
  if (/^\d{1,18}$/.test(text)) return { kind: 'offset', offset: BigInt(text) };
  const at = momentOf(text);
  if (at !== null) return { kind: 'time', at };
  throw new InvalidArgumentError(`It must be an offset, or a time: ${MOMENT_EXAMPLES}.`);
}
