import type { BrakeLimits } from '../domain/brake.js';
import type { Channel } from '../domain/channel.js';
import { DefinitionError } from '../domain/definition-error.js';
import type { Tags } from '../domain/tag.js';
import { DEFAULT_EXPIRY, durationMs, LONGEST_WAIT } from './duration.js';
import { limitOf } from './limit.js';
import { wordProblems } from './word-problems.js';
import type { Consumer, Duration, EngineRule } from './words.js';

/** A rule that knows where it belongs. */
export interface NamedRule extends EngineRule {
  /** `<module>/<rule>`, unique. */
  readonly name: string;
  /** As whole names. */
  readonly formerNames: readonly string[];
  readonly module: string;
  readonly event: string;
  /** Which fields of the event are secret or personal. */
  readonly tags: Tags;
  /** As far as the rule itself has some. */
  readonly limits: Partial<BrakeLimits>;
}

export interface RuleBook {
  readonly all: readonly NamedRule[];
  /** None for an event nobody has a rule for. */
  rulesOf(event: string): readonly NamedRule[];
  /** By its whole name. */
  find(name: string): NamedRule | undefined;
  /** Names of today by former ones. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Events (= topics without prefix) with a rule that can be high priority, sorted. */
  highTopics(): readonly string[];
}

/** As far as the rules need it: src/contracts has the rest. */
interface TaggedContracts {
  find(event: string): { readonly tags: Tags } | undefined;
}

const RULE_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * @throws DefinitionError listing every rule that can't stand: with a word that is unknown or lacks, a malformed
 *   name or duration, a name taken twice, an event without schema.
 */
export function loadRules(consumers: readonly Consumer[], contracts: TaggedContracts): RuleBook {
  const problems: string[] = [];
  const byName = new Map<string, NamedRule>();
  for (const { module, entries } of consumers) {
    for (const { event, rule } of entries) {
      const name = nameOf(module, event, rule);
      const odd = wordProblems(rule);
      problems.push(...odd.map((problem) => `${name}: ${problem}`));
      if (odd.length > 0) continue;
      const tags = contracts.find(event)?.tags;
      if (!RULE_NAME.test(rule.rule)) problems.push(`${name}: a name is written in lower-case-with-dashes`);
      if (byName.has(name)) problems.push(`${name}: two rules bear this name; rename one`);
      problems.push(...expiryProblems(name, rule.expires));
      const limits = limitsOf(rule, name, problems);
      problems.push(...collapseProblems(name, rule));
      if (tags === undefined) problems.push(`${name}: no schema for ${event} in schemas/`);
      else {
        const formerNames = (rule.formerly ?? []).map((former) => `${module}/${former}`);
        byName.set(name, { ...rule, name, formerNames, module, event, tags, limits });
      }
    }
  }
  problems.push(...formerNameProblems([...byName.values()]));
  if (problems.length > 0) throw new DefinitionError(`consumers/ can't be used:\n- ${problems.join('\n- ')}`);
  return ruleBook(byName);
}

/** What was done under a name can only be one rule's. */
function formerNameProblems(rules: readonly NamedRule[]): string[] {
  const taken = new Map(rules.map(({ name }) => [name, name]));
  return rules.flatMap(({ name, formerly = [], module }) =>
    formerly.flatMap((former) => {
      const whole = `${module}/${former}`;
      const owner = taken.get(whole);
      taken.set(whole, name);
      if (!RULE_NAME.test(former))
        return [
          `${name}: "${former}" in formerly is no name: write it without the module, as it stood in rule`,
        ];
      if (owner === undefined) return [];
      return owner === whole
        ? [`${name}: ${whole} in formerly is the name of a rule; what was done under it is that one's`]
        : [`${name}: ${whole} in formerly is given by ${owner} too; only one rule can have had it last`];
    }),
  );
}

/** As it is written: the rule may yet lack a name. */
function nameOf(module: string, event: string, rule: Partial<EngineRule> | null | undefined): string {
  const name: unknown = rule?.rule;
  return typeof name === 'string' ? `${module}/${name}` : `${module}, a rule for ${event}`;
}

function limitsOf({ brake = {} }: EngineRule, rule: string, problems: string[]): Partial<BrakeLimits> {
  try {
    return {
      ...(brake.perRule && { perRule: limitOf(brake.perRule) }),
      ...(brake.perRecipient && { perRecipient: limitOf(brake.perRecipient) }),
    };
  } catch (error) {
    problems.push(`${rule}: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

function collapseProblems(rule: string, { collapse, expires = DEFAULT_EXPIRY }: EngineRule): string[] {
  if (collapse === undefined || collapse.within === 'ever') return [];
  const problems = durationProblems(rule, collapse.within);
  if (problems.length > 0 || collapse.keep !== 'newest' || !isDuration(expires)) return problems;
  if (durationMs(collapse.within) < durationMs(expires)) return [];
  return [
    `${rule}: what waits ${collapse.within} for the newest has expired by then (${expires}); let it wait less`,
  ];
}

const expiryProblems = (rule: string, expires: EngineRule['expires']): string[] =>
  isDuration(expires) ? durationProblems(rule, expires) : [];

const isDuration = (expires: EngineRule['expires']): expires is Duration =>
  typeof expires === 'string' && expires !== 'end of day';

function durationProblems(rule: string, duration: Duration): string[] {
  try {
    if (durationMs(duration) <= durationMs(LONGEST_WAIT)) return [];
    return [`${rule}: "${duration}" is too long; nothing waits longer than ${LONGEST_WAIT}`];
  } catch (error) {
    return [`${rule}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function ruleBook(byName: ReadonlyMap<string, NamedRule>): RuleBook {
  const all = [...byName.values()];
  const byEvent = new Map<string, readonly NamedRule[]>();
  for (const rule of all) byEvent.set(rule.event, [...(byEvent.get(rule.event) ?? []), rule]);
  return {
    all,
    rulesOf: (event) => byEvent.get(event) ?? [],
    find: (name) => byName.get(name),
    renamed: new Map(all.flatMap(({ name, formerNames }) => formerNames.map((former) => [former, name]))),
    highTopics: () => [...byEvent.keys()].filter((event) => byEvent.get(event)?.some(canBeHigh)).sort(),
  };
}

const canBeHigh = ({ priority, escalate }: NamedRule): boolean =>
  priority === 'high' || escalate?.priority === 'high';

/** The channels that a rule names outright; what it says by a function, only the types and the event know. */
export const declaredChannels = ({ via, escalate }: NamedRule): readonly Channel[] => [
  ...new Set([...(typeof via === 'function' ? [] : via), ...(escalate?.alsoVia ?? [])]),
];
