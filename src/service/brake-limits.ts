import type { Config } from '../config/config.js';
import type { BrakeLimits } from '../domain/brake.js';
import type { RuleBook } from '../rules/rule-book.js';

/** A rule's own limits, and the environment's where it has none. */
export const brakeLimits =
  ({ brake }: Pick<Config, 'brake'>, ruleBook: RuleBook) =>
  (rule: string): BrakeLimits => ({ ...brake, ...ruleBook.find(rule)?.limits });
