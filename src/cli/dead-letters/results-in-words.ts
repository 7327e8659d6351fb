import { counted } from '../counted.js';
import { labelled, wrapped } from '../wrapped.js';

/** What became of one of many. */
export interface Result {
  readonly id: string;
  readonly says: string;
  /** The same for all that came to the same. */
  readonly sum: string;
}

const MOST_LINES = 50;

/** Each of them, as far as people would read on, and how many came to what. */
export function resultsInWords(results: readonly Result[], { dryRun }: { readonly dryRun: boolean }): string {
  if (results.length === 0) return 'no dead letters';
  const shown = results.slice(0, MOST_LINES);
  const more = results.length - shown.length;
  const sums = new Map<string, number>();
  for (const { sum } of results) sums.set(sum, (sums.get(sum) ?? 0) + 1);
  const counts = [...sums].sort(([, one], [, other]) => other - one).map(([sum, n]) => `${n} ${sum}`);
  return [
    ...labelled(0, 'id'.padEnd(36), dryRun ? 'would be' : 'is'),
    ...shown.flatMap(({ id, says }) => labelled(0, id, says)),
    ...(more > 0 ? [`… and ${more} more (--json has all)`] : []),
    '',
    ...wrapped(
      `${counted(results.length, 'dead letter')}${dryRun ? ', which would be' : ''}: ${counts.join('; ')}`,
    ),
  ].join('\n');
}
