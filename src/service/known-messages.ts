import type { KnownMessage } from '../observability/outcome-counters.js';
import { declaredChannels } from '../rules/rule-book.js';
import type { Definitions } from './load-definitions.js';

/** Every template with every channel that a rule sends it by. */
export const knownMessages = ({
  ruleBook,
  templates,
}: Pick<Definitions, 'ruleBook' | 'templates'>): readonly KnownMessage[] =>
  ruleBook.all.flatMap((rule) =>
    declaredChannels(rule).map((channel) => ({ channel, template: templates.identifier(rule.template) })),
  );
