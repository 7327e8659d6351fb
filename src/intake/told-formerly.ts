import type { RuleBook } from '../rules/rule-book.js';
import type { Statements } from '../store/database.js';
import { eventTraces } from '../store/event-traces.js';
import { type Before, beforeOf } from './again.js';
import type { Intent } from './intent.js';

export type ToldFormerly = Pick<Before, 'toldOf'>;

/**
 * What rules told under former names of events that are not new: the log knows it as another rule's. Undefined, and
 * asked of nobody, where none of the rules has a former name.
 */
export async function toldFormerly(
  db: Statements,
  wanted: readonly { readonly intent: Pick<Intent, 'eventRef' | 'rule'> }[],
  ruleBook: Pick<RuleBook, 'find' | 'renamed'>,
): Promise<ToldFormerly | undefined> {
  if (ruleBook.renamed.size === 0) return undefined;
  const refs = wanted.flatMap(({ intent: { eventRef, rule } }) =>
    (ruleBook.find(rule)?.formerNames.length ?? 0) > 0 ? [eventRef] : [],
  );
  const { messages } = await eventTraces(db, refs);
  const former = messages.filter(({ rule }) => ruleBook.renamed.has(rule));
  return beforeOf({ messages: former, skips: [], parked: [] }, ruleBook);
}
