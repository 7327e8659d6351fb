import type { Channel } from '../../domain/channel.js';
import { maskEmail, maskPhone } from '../../domain/mask.js';
import type { Reason } from '../../domain/reason.js';
import type { Database } from '../../store/database.js';
import type { DeadLetterRow } from '../../store/models/dead-letter.js';
import type { InboxRow } from '../../store/models/inbox.js';
import type { ParkedRow } from '../../store/models/parked.js';
import type { SkipRow } from '../../store/models/skip.js';
import { messagesOfEvents, type ToldMessage } from '../../store/told-messages.js';
import { lettersOf, parkedOf, skipsOf } from './events.js';
import { type LetterStory, letterStory } from './letter.js';
import { type MessageStory, messageStory, PUBLISH_ANEW } from './message.js';
import type { Surroundings } from './place.js';
import { REASON_WORDS } from './reasons.js';

export interface EventFacts {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string | null;
  /** Without KAFKA_TOPIC_PREFIX. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly happened: Date;
  readonly read: Date;
}

export interface SkipStory {
  /** `user 12`, or a masked address; null: the rule as a whole. */
  readonly recipient: string | null;
  /** Null: all of them. */
  readonly channel: Channel | null;
  readonly reason: Reason;
  readonly says: string;
  readonly todo: string | null;
}

export interface ParkedStory {
  /** `user:<id>` or `role:<ROLE>` */
  readonly waitsFor: string;
  /** The same in words. */
  readonly says: string;
  readonly since: Date;
  readonly until: Date;
  readonly todo: string;
}

/** What one rule made of the event. */
export interface RuleStory {
  readonly rule: string;
  readonly skips: readonly SkipStory[];
  readonly parked: readonly ParkedStory[];
  readonly messages: readonly MessageStory[];
}

export interface EventStory {
  /** Null: it never came into the inbox, or is too long ago. */
  readonly event: EventFacts | null;
  readonly deadLetters: readonly LetterStory[];
  readonly rules: readonly RuleStory[];
}

/** All that came of these events. */
export async function eventStories(
  database: Database,
  events: readonly InboxRow[],
  around: Surroundings,
): Promise<EventStory[]> {
  const eventRef = events.map(({ id }) => id);
  const [letters, skips, parked, messages] = [
    await lettersOf(database, { events }),
    await skipsOf(database, { eventRef }),
    await parkedOf(database, { eventRef }),
    await messagesOfEvents(database, eventRef),
  ];
  return events.map((event) => {
    const of = <Row extends { readonly eventRef: number }>(rows: readonly Row[]) =>
      rows.filter((row) => row.eventRef === event.id);
    const own = messages.filter(({ event_ref: ref }) => ref === event.id);
    return {
      event: eventFacts(event),
      deadLetters: letters.filter((letter) => isOf(letter, event)).map(letterStory),
      rules: ruleStories(of(skips), of(parked), own, around),
    };
  });
}

export const isOf = (letter: DeadLetterRow, event: InboxRow): boolean =>
  (letter.topic === event.topic && letter.partition === event.partition && letter.offset === event.offset) ||
  (letter.source === event.source && letter.eventId === event.eventId);

export const eventFacts = (event: InboxRow): EventFacts => ({
  id: event.eventId,
  source: event.source,
  type: event.eventType,
  subject: event.subject,
  topic: event.topic,
  partition: event.partition,
  offset: event.offset,
  happened: event.eventTime,
  read: event.receivedAt,
});

/** Of messages alone, or of dead letters of an event that never came into the inbox. */
export const partialStory = (
  event: InboxRow | undefined,
  letters: readonly DeadLetterRow[],
  messages: readonly ToldMessage[],
  around: Surroundings,
): EventStory => ({
  event: event === undefined ? null : eventFacts(event),
  deadLetters: letters.map(letterStory),
  rules: ruleStories([], [], messages, around),
});

function ruleStories(
  skips: readonly SkipRow[],
  parked: readonly ParkedRow[],
  messages: readonly ToldMessage[],
  around: Surroundings,
): RuleStory[] {
  const rules = new Set([...skips, ...parked, ...messages].map(({ rule }) => rule));
  const of = <Row extends { readonly rule: string }>(rows: readonly Row[], rule: string) =>
    rows.filter((row) => row.rule === rule);
  return [...rules].sort().map((rule) => ({
    rule,
    skips: of(skips, rule).map(skipStory),
    parked: of(parked, rule).map(parkedStory),
    messages: of(messages, rule).map((message) => messageStory(message, messages, around)),
  }));
}

export function skipStory({ rule, recipientKey, channel, reason }: SkipRow): SkipStory {
  const { means, todo } = REASON_WORDS[reason];
  const recipient = recipientKey === null ? null : personOf(recipientKey);
  return {
    recipient,
    channel,
    reason,
    says: means,
    todo:
      // By another channel they are reached.
      reason === 'no_address' && channel !== null
        ? `To reach ${recipient ?? 'them'} by ${channel === 'sms' ? 'SMS' : 'e-mail'} too, have the profile completed.`
        : (todo?.({ rule, template: null, again: PUBLISH_ANEW }) ?? null),
  };
}

export function parkedStory({ waitFor, createdAt, expiresAt }: ParkedRow): ParkedStory {
  const [kind, value = ''] = waitFor.split(':');
  const [says, todo] =
    kind === 'role'
      ? [`somebody active and approved who holds the role ${value}`, `Give somebody the role ${value}`]
      : [
          `the profile of user ${value}, of whom nothing is known yet`,
          `Have the profile of user ${value} published`,
        ];
  return {
    waitsFor: waitFor,
    says,
    since: createdAt,
    until: expiresAt,
    todo: `${todo} (profile.updated): it is sent by itself then.`,
  };
}

/** A recipient key for people. */
function personOf(key: string): string {
  const [kind = '', ...rest] = key.split(':');
  const value = rest.join(':');
  if (kind === 'mail') return maskEmail(value);
  return kind === 'tel' ? maskPhone(value) : `${kind} ${value}`;
}
