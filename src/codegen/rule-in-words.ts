import type { NamedRule } from '../rules/rule-book.js';
import type { EngineAudience, EngineCollapse } from '../rules/words.js';

const DEPENDS = 'depends on the event';

/** In one line: whom it writes to, how, how urgently. */
export function ruleAtAGlance({ to, via, priority, escalate }: NamedRule) {
  const orAlso = (usual: string, more: string | undefined) =>
    more === undefined ? usual : `${usual}, at times ${more}`;
  return {
    to: orAlso(audienceInWords(to), escalate?.alsoTo && oneAudience(escalate.alsoTo)),
    via: orAlso(channelsInWords(via), escalate?.alsoVia?.join(', ')),
    priority: orAlso(priority, escalate?.priority),
  };
}

const audienceInWords = (to: NamedRule['to']): string => [to].flat().map(oneAudience).join('; ');

const oneAudience = (audience: EngineAudience): string =>
  'role' in audience ? `every ${orList(audience.role)}` : 'whom the event names';

const channelsInWords = (via: NamedRule['via']): string =>
  typeof via === 'function' ? DEPENDS : via.join(', ');

/** What each word of a rule comes to, in the order in which it counts. */
export function ruleInWords(rule: NamedRule): readonly (readonly [word: string, says: string])[] {
  const { when, except, escalate, expires, collapse, brake } = rule;
  const words: readonly (readonly [string, string] | null)[] = [
    ['when', when === undefined ? 'always' : `only if its condition holds (${DEPENDS})`],
    ['to', `${audienceInWords(rule.to)}${namesPeople(rule.to) ? ` (${DEPENDS})` : ''}`],
    except === undefined ? null : ['except', `never this person (${DEPENDS})`],
    ['via', channelsInWords(rule.via)],
    ['priority', rule.priority],
    escalate === undefined ? null : ['escalate', escalationInWords(escalate)],
    ['expires', expiryInWords(expires)],
    ['collapse', collapse === undefined ? 'never: every event is sent' : collapseInWords(collapse)],
    ['brake', brakeInWords(brake)],
    ['category', rule.category],
    rule.formerNames.length === 0 ? null : ['formerly', rule.formerNames.join(', ')],
  ];
  return words.filter((word) => word !== null);
}

const namesPeople = (to: NamedRule['to']): boolean => [to].flat().some((audience) => 'direct' in audience);

function escalationInWords({ alsoTo, alsoVia, priority }: NonNullable<NamedRule['escalate']>): string {
  const more = [
    ...(alsoTo === undefined ? [] : [`also to ${oneAudience(alsoTo)}`]),
    ...(alsoVia === undefined ? [] : [`also by ${alsoVia.join(', ')}`]),
    ...(priority === undefined ? [] : [`priority ${priority}`]),
  ];
  return `in some cases (${DEPENDS}): ${more.join('; ')}`;
}

function expiryInWords(expires: NamedRule['expires']): string {
  if (expires === undefined) return '7d after the event';
  if (expires === 'end of day') return 'at the end of the event’s day in Nairobi';
  return typeof expires === 'string' ? `${expires} after the event` : `at a time of its own (${DEPENDS})`;
}

function collapseInWords({ within, keep, againIfHigher }: EngineCollapse): string {
  const key = `of those that are the same to a reader (${DEPENDS})`;
  if (within !== 'ever') {
    return keep === 'newest'
      ? `${key}, the newest within ${within} is sent when that time is over`
      : `${key}, the first within ${within} is sent`;
  }
  return againIfHigher === undefined
    ? `${key}, one is sent for ever`
    : `${key}, one is sent, and again whenever its figure is higher`;
}

function brakeInWords(brake: NamedRule['brake']): string {
  const limits = [
    `${brake?.perRule ?? '`BRAKE_PER_RULE`'} to all`,
    `${brake?.perRecipient ?? '`BRAKE_PER_RECIPIENT`'} to one person by one channel`,
  ];
  return `holds what exceeds ${limits.join(', ')}`;
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
