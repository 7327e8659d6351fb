import type { Database } from '../../store/database.js';
import { CommandError } from '../command-error.js';
import { deadLetterIds } from '../row-ids.js';
import { wrapped } from '../wrapped.js';
import { FILTERS, type FilterOptions, filterOf, isEmpty } from './filter-options.js';
import { type DeadLetterFilter, findDeadLetters } from './find-dead-letters.js';

/** Dead letters by their ids, or open ones by what they have in common. */
export type Choice =
  | { readonly kind: 'named'; readonly ids: readonly string[] }
  | { readonly kind: 'filtered'; readonly filter: DeadLetterFilter; readonly limit: number | null };

export interface ChoosingOptions extends FilterOptions {
  readonly all: boolean;
}

/** @throws CommandError unless it is said which ones, in one of the two ways */
export function choiceOf(given: readonly string[], options: ChoosingOptions): Choice {
  const ids = deadLetterIds(given);
  const filter = filterOf(options);
  const { all, limit } = options;
  const isFiltered = all || limit !== undefined || !isEmpty(filter);
  if (ids.length > 0 && !isFiltered) return { kind: 'named', ids };
  if (ids.length === 0 && (all || !isEmpty(filter)))
    return { kind: 'filtered', filter, limit: limit ?? null };
  const said = `Name the dead letters by their ids, or say which by ${FILTERS}; --all means every open one.`;
  throw new CommandError(wrapped(said).join('\n'));
}

/** Oldest first. */
export async function chosenIds(database: Database, choice: Choice): Promise<readonly string[]> {
  if (choice.kind === 'named') return choice.ids;
  const { filter, limit } = choice;
  const letters = await findDeadLetters(database, filter, { oldestFirst: true, ...(limit && { limit }) });
  return letters.map(({ id }) => id);
}
