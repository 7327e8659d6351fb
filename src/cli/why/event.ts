import type { Channel } from '../../domain/channel.js';
import { maskEmail, maskPhone } from '../../domain/mask.js';
import type { Reason } from '../../domain/reason.js';
import type { Database } from '../../store/database.js';
import type { DeadLetterRow } from '../../store/models/dead-letter.js';
import type { InboxRow } from '../../store/models/inbox.js';
import type { ParkedRow } from '../../store/models/parked.js';
import type { SkipRow } from '../../store/models/skip.js';
import { messagesOfEvents, type ToldMessage } from '../../store/told-messages.js';
import { eatTime } from '../eat-time.js';
import { eventsByRef, lettersOf, parkedOf, skipsOf } from './events.js';
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
  /** The event that had the slot it asked for. */
  readonly slotHolder: string | null;
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
  const holders = await holdersOf(database, skips);
  return events.map((event) => {
    const of = <Row extends { readonly eventRef: number }>(rows: readonly Row[]) =>
      rows.filter((row) => row.eventRef === event.id);
    const own = messages.filter(({ event_ref: ref }) => ref === event.id);
    return {
      event: eventFacts(event),
      deadLetters: letters.filter((letter) => isOf(letter, event)).map(letterStory),
      rules: ruleStories({ skips: of(skips), holders, parked: of(parked), messages: own }, around),
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
  rules: ruleStories({ skips: [], holders: new Map(), parked: [], messages }, around),
});

type Holders = ReadonlyMap<number, EventFacts>;

/** The events that have the slots which others asked for. */
async function holdersOf(database: Database, skips: readonly SkipRow[]): Promise<Holders> {
  const refs = skips.flatMap(({ slotHolder }) => slotHolder ?? []);
  const events = await eventsByRef(database, [...new Set(refs)]);
  return new Map(events.map((row) => [row.id, eventFacts(row)]));
}

interface OfRules {
  readonly skips: readonly SkipRow[];
  readonly holders: Holders;
  readonly parked: readonly ParkedRow[];
  readonly messages: readonly ToldMessage[];
}

function ruleStories({ skips, holders, parked, messages }: OfRules, around: Surroundings): RuleStory[] {
  const rules = new Set([...skips, ...parked, ...messages].map(({ rule }) => rule));
  const of = <Row extends { readonly rule: string }>(rows: readonly Row[], rule: string) =>
    rows.filter((row) => row.rule === rule);
  return [...rules].sort().map((rule) => ({
    rule,
    skips: of(skips, rule).map((skip) => skipStory(skip, holders)),
    parked: of(parked, rule).map(parkedStory),
    messages: of(messages, rule).map((message) => messageStory(message, messages, around)),
  }));
}

export function skipStory(
  { rule, recipientKey, channel, reason, slotHolder }: SkipRow,
  holders: Holders = new Map(),
): SkipStory {
  const { means, todo } = REASON_WORDS[reason];
  const holder = slotHolder === null ? undefined : holders.get(slotHolder);
  const recipient = recipientKey === null ? null : personOf(recipientKey);
  return {
    recipient,
    channel,
    reason,
    says: holder === undefined ? means : `${means}: event ${holder.id} of ${eatTime(holder.happened)}`,
    slotHolder: holder?.id ?? null,
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
