import type { Config } from '../config/config.js';
import type { KnownMessage } from '../observability/outcome-counters.js';
import { declaredChannels } from '../rules/rule-book.js';
import type { Definitions } from './load-definitions.js';
import { providerNames } from './outlets.js';

/** Every template with every channel that a rule sends it by. */
export const knownMessages = (
  { ruleBook, templates }: Pick<Definitions, 'ruleBook' | 'templates'>,
  config: Pick<Config, 'email' | 'delivery'>,
): readonly KnownMessage[] =>
  ruleBook.all.flatMap((rule) =>
    declaredChannels(rule).map((channel) => ({
      channel,
      template: templates.identifier(rule.template),
      provider: providerNames(config)[channel],
    })),
  );
