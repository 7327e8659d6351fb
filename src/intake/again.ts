import type { Channel } from '../domain/channel.js';
import type { NamedRule, RuleBook } from '../rules/rule-book.js';
import type { EventTraces, TracedMessage } from '../store/event-traces.js';
import type { RuledIncoming } from './evaluate-event.js';

/** Events that are in the inbox already are evaluated as new ones are, instead of being left as duplicates. */
export interface Again {
  /** Those that are to be tried on an event. */
  readonly rulesOf: (incoming: RuledIncoming) => readonly NamedRule[];
}

/** What came of such events before: that stays as it is, and only the rest is added. */
export interface Before {
  readonly traces: EventTraces;
  /** Whether anything is on record of what a rule made of an event. */
  hasTrace(eventRef: number, rule: string): boolean;
  /** What this person has been told by this rule and channel; null: nothing. */
  toldOf(message: MessageIdentity): TracedMessage | null;
  /** Whether a rule that has another name now still waits for them, `user:<id>` or `role:<ROLE>`: it will write to them. */
  isAwaited(eventRef: number, whom: string): boolean;
  /** Somebody whom the event named has been forgotten since: nobody can say any more who has heard of it. */
  isForgotten(eventRef: number): boolean;
}

interface MessageIdentity {
  readonly eventRef: number;
  readonly rule: string;
  readonly channel: Channel;
  readonly recipientKey: string;
  /** The same by another key is the same person, whom the rule has found in another way. */
  readonly recipient: string;
  /** The log identifier. */
  readonly template: string;
}

/** What `comms forget` makes of recipient keys. */
const FORGOTTEN = 'gone:';

/** What a rule did under a former name is its own; what one that is no more has told in the same words is not told anew. */
export function beforeOf(
  found: EventTraces,
  { find: ruleOf, renamed }: Pick<RuleBook, 'find' | 'renamed'>,
): Before {
  const traces = renamed.size === 0 ? found : underNamesOfToday(found, renamed);
  const { messages, skips, parked } = traces;
  const isRule = (name: string) => ruleOf(name) !== undefined;
  const traced = new Set(
    [...messages, ...skips, ...parked].map(({ eventRef, rule }) => `${eventRef} ${rule}`),
  );
  const told = new Map<string, TracedMessage>();
  for (const message of messages) {
    const renamed = isRule(message.rule) ? [] : namesOf({ ...message, rule: anyRule(message.template) });
    for (const name of [...namesOf(message), ...renamed]) told.set(name, message);
  }
  const awaited = new Set(
    parked.filter(({ rule }) => !isRule(rule)).map(({ eventRef, waitFor }) => `${eventRef} ${waitFor}`),
  );
  const forgotten = new Set(
    [...messages, ...skips]
      .filter(({ recipientKey }) => recipientKey?.startsWith(FORGOTTEN))
      .map(({ eventRef }) => eventRef),
  );
  const find = (names: readonly string[]) => names.flatMap((name) => told.get(name) ?? [])[0] ?? null;
  return {
    traces,
    hasTrace: (eventRef, rule) => traced.has(`${eventRef} ${rule}`),
    toldOf: (message) =>
      find([...namesOf(message), ...namesOf({ ...message, rule: anyRule(message.template) })]),
    isAwaited: (eventRef, whom) => awaited.has(`${eventRef} ${whom}`),
    isForgotten: (eventRef) => forgotten.has(eventRef),
  };
}

function underNamesOfToday(
  { messages, skips, parked }: EventTraces,
  renamed: RuleBook['renamed'],
): EventTraces {
  const today = <T extends { readonly rule: string }>(one: T): T => ({
    ...one,
    rule: renamed.get(one.rule) ?? one.rule,
  });
  const nameOf = ({ eventRef, rule, channel, recipientKey }: TracedMessage) =>
    `${eventRef} ${rule} ${channel} ${recipientKey}`;
  const own = new Set(messages.filter(({ rule }) => !renamed.has(rule)).map(nameOf));
  // Of what was sent under both names, before the rule said that they are the same, the later.
  const once = messages.filter((one) => !renamed.has(one.rule) || !own.has(nameOf(today(one))));
  return { messages: once.map(today), skips: skips.map(today), parked: parked.map(today) };
}

const anyRule = (template: string): string => `in the words of ${template}`;

function namesOf({ eventRef, rule, channel, recipientKey, recipient }: MessageIdentity): string[] {
  return [recipientKey, `to ${recipient.toLowerCase()}`].map(
    (who) => `${eventRef} ${rule} ${channel} ${who}`,
  );
}
