import type { Tags } from '../domain/tag.js';
import { durationMs, LONGEST_WAIT } from './duration.js';
import type { Consumer, EngineRule } from './words.js';

/** A rule that knows where it belongs. */
export interface NamedRule extends EngineRule {
  /** `<module>/<rule>`, unique. */
  readonly name: string;
  readonly module: string;
  readonly event: string;
  /** Which fields of the event are secret or personal. */
  readonly tags: Tags;
}

export interface RuleBook {
  readonly all: readonly NamedRule[];
  /** None for an event nobody has a rule for. */
  rulesOf(event: string): readonly NamedRule[];
  /** Events (= topics without prefix) with a rule that can be high priority, sorted. */
  highTopics(): readonly string[];
}

/** As far as the rules need it: src/contracts has the rest. */
interface TaggedContracts {
  find(event: string): { readonly tags: Tags } | undefined;
}

const RULE_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** @throws Error listing every rule that can't stand: a name taken twice, a malformed name or duration, an event without schema. */
export function loadRules(consumers: readonly Consumer[], contracts: TaggedContracts): RuleBook {
  const problems: string[] = [];
  const byName = new Map<string, NamedRule>();
  for (const { module, entries } of consumers) {
    for (const { event, rule } of entries) {
      const name = `${module}/${rule.rule}`;
      const tags = contracts.find(event)?.tags;
      if (!RULE_NAME.test(rule.rule)) problems.push(`${name}: a name is written in lower-case-with-dashes`);
      if (byName.has(name)) problems.push(`${name}: two rules bear this name; rename one`);
      problems.push(...expiryProblems(name, rule.expires));
      if (tags === undefined) problems.push(`${name}: no schema for ${event} in schemas/`);
      else byName.set(name, { ...rule, name, module, event, tags });
    }
  }
  if (problems.length > 0) throw new Error(`consumers/ can't be used:\n- ${problems.join('\n- ')}`);
  return ruleBook([...byName.values()]);
}

function expiryProblems(rule: string, expires: EngineRule['expires']): string[] {
  if (typeof expires !== 'string' || expires === 'end of day') return [];
  try {
    if (durationMs(expires) <= durationMs(LONGEST_WAIT)) return [];
    return [`${rule}: "${expires}" is too long; nothing waits longer than ${LONGEST_WAIT}`];
  } catch (error) {
    return [`${rule}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function ruleBook(all: readonly NamedRule[]): RuleBook {
  const byEvent = new Map<string, readonly NamedRule[]>();
  for (const rule of all) byEvent.set(rule.event, [...(byEvent.get(rule.event) ?? []), rule]);
  return {
    all,
    rulesOf: (event) => byEvent.get(event) ?? [],
    highTopics: () => [...byEvent.keys()].filter((event) => byEvent.get(event)?.some(canBeHigh)).sort(),
  };
}

/** Escalation, once there is such a word, counts here too. */
const canBeHigh = (rule: NamedRule): boolean => rule.priority === 'high';
