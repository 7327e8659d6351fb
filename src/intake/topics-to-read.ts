import type { RuleBook } from '../rules/rule-book.js';
import { PROFILE_EVENT } from './incoming.js';

/** Which topics which consumer group reads. */
export interface ReadTopics {
  readonly groupId: string;
  readonly topics: readonly string[];
}

/** A flood elsewhere doesn't delay what can be high priority: that has a group of its own. */
export function topicsToRead(
  ruleBook: RuleBook,
  { groupId, topicPrefix }: { readonly groupId: string; readonly topicPrefix: string },
): readonly ReadTopics[] {
  const high = new Set(ruleBook.highTopics());
  const others = new Set(ruleBook.all.map(({ event }) => event).filter((event) => !high.has(event)));
  const named = (topics: Iterable<string>) => [...topics].map((topic) => `${topicPrefix}${topic}`);
  return [
    { groupId, topics: named([PROFILE_EVENT, ...others]) },
    { groupId: `${groupId}.high`, topics: named(high) },
  ].filter(({ topics }) => topics.length > 0);
}
