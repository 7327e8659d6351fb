import type { Channel } from '../domain/channel.js';
import type { NamedRule } from '../rules/rule-book.js';
import type { EventTraces } from '../store/event-traces.js';
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
  /** Whether this person has been written to by this rule and channel, or can't be told from one who has. */
  wroteTo(message: MessageIdentity): boolean;
  /** Somebody whom the event named has been forgotten since: nobody can say any more who has heard of it. */
  isForgotten(eventRef: number): boolean;
}

interface MessageIdentity {
  readonly eventRef: number;
  readonly rule: string;
  readonly channel: Channel;
  readonly recipientKey: string;
}

/** What `comms forget` makes of recipient keys. */
const FORGOTTEN = 'gone:';

export function beforeOf(traces: EventTraces): Before {
  const { messages, skips, parked } = traces;
  const traced = new Set(
    [...messages, ...skips, ...parked].map(({ eventRef, rule }) => `${eventRef} ${rule}`),
  );
  const written = new Set(messages.map(nameOf));
  const forgotten = new Set(
    [...messages, ...skips]
      .filter(({ recipientKey }) => recipientKey?.startsWith(FORGOTTEN))
      .map(({ eventRef }) => eventRef),
  );
  return {
    traces,
    hasTrace: (eventRef, rule) => traced.has(`${eventRef} ${rule}`),
    wroteTo: (message) => forgotten.has(message.eventRef) || written.has(nameOf(message)),
    isForgotten: (eventRef) => forgotten.has(eventRef),
  };
}

const nameOf = ({ eventRef, rule, channel, recipientKey }: MessageIdentity): string =>
  `${eventRef} ${rule} ${channel} ${recipientKey}`;
