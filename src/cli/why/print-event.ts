import { counted } from '../counted.js';
import { eatTime } from '../eat-time.js';
import { codeOf, labelled, sentence, wrapped } from '../wrapped.js';
import type { EventFacts, EventStory, ParkedStory, RuleStory, SkipStory } from './event.js';
import type { LetterStory } from './letter.js';
import type { MessageStory } from './message.js';
import { CHANNEL_WORDS, messageLines } from './print-message.js';

/** @param limit most messages of one rule that are told in full */
export function eventLines({ event, deadLetters, rules }: EventStory, limit: number): string[] {
  const nothing = event !== null && deadLetters.length + rules.length === 0;
  const parts = [
    event === null ? unreadLines(deadLetters) : factLines(event),
    ...deadLetters.map(letterLines),
    ...rules.map((rule) => ruleLines(rule, limit)),
    nothing ? NOTHING : [],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .flatMap((lines, position) => (position === 0 ? lines : ['', ...lines]));
}

/** Of an event that never came into the inbox, as much as its headers said. */
function unreadLines([letter]: readonly LetterStory[]): string[] {
  if (letter === undefined) return [];
  const { id, source, type, subject } = letter.event;
  return headLines({ id: id ?? 'without an id', type, source: source ?? 'an unknown source', subject });
}

const headLines = ({
  id,
  type,
  source,
  subject,
}: Pick<EventFacts, 'id' | 'type' | 'source' | 'subject'>): string[] => [
  ...wrapped(`Event ${id}: ${type} from ${source}`, 0, 2),
  ...(subject === null ? [] : labelled(2, 'subject ', subject)),
];

const NOTHING = wrapped(
  'Nothing came of it, as of every profile: it changed the directory. Of any other event, this would be a fault.',
);

export function factLines(event: EventFacts): string[] {
  const { topic, partition, offset } = event;
  return [
    ...headLines(event),
    `  happened  ${eatTime(event.happened)}`,
    ...labelled(
      2,
      'read    ',
      `${eatTime(event.read)}, from topic ${topic}, partition ${partition}, offset ${offset}`,
    ),
  ];
}

function letterLines(letter: LetterStory): string[] {
  const { rule, topic, partition, offset, retried, resolved, note } = letter;
  const what = rule === null ? 'the whole event' : `rule ${rule} alone`;
  return [
    ...wrapped(`Dead letter ${letter.id}${codeOf(letter.reason)}: ${what}`, 0, 2),
    ...wrapped(sentence(letter.says), 2),
    ...(letter.detail === '' ? [] : wrapped(sentence(letter.detail), 2)),
    ...wrapped(
      `Set aside ${eatTime(letter.since)}, from topic ${topic}, partition ${partition}, offset ${offset}.`,
      2,
    ),
    ...(retried === null ? [] : [`  Last taken in again ${eatTime(retried)}.`]),
    ...(resolved === null
      ? []
      : wrapped(`Resolved ${eatTime(resolved)}${note === null ? '' : `, closed by hand: ${note}`}.`, 2)),
  ];
}

function ruleLines({ rule, skips, parked, messages }: RuleStory, limit: number): string[] {
  return [
    `Rule ${rule}`,
    ...skips.flatMap(skipLines),
    ...parked.flatMap(parkedLines),
    ...messagesLines(messages, limit),
  ];
}

const skipLines = ({ recipient, channel, reason, says }: SkipStory): string[] =>
  wrapped(`${leftOut(recipient, channel)}${codeOf(reason)}: ${says}.`, 2, 4);

function leftOut(recipient: string | null, channel: SkipStory['channel']): string {
  const what = channel === null ? 'message' : CHANNEL_WORDS[channel];
  return recipient === null ? `No ${what}` : `No ${what} to ${recipient}`;
}

const parkedLines = ({ says, since, until }: ParkedStory): string[] =>
  wrapped(`Waits since ${eatTime(since)} for ${says}; gives up at ${eatTime(until)}.`, 2, 4);

/** Of very many, how many ended how, and those first that may want somebody. */
function messagesLines(messages: readonly MessageStory[], limit: number): string[] {
  if (messages.length <= limit) return messages.flatMap(messageLines);
  const counts = new Map<string, number>();
  for (const { status } of messages) counts.set(status, (counts.get(status) ?? 0) + 1);
  const summary = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
  const shown = messages.toSorted((one, other) => rank(one) - rank(other)).slice(0, limit);
  return [
    `  ${counted(messages.length, 'message')}: ${summary}. ${limit} of them (--limit shows more, --json all):`,
    ...shown.flatMap(messageLines),
  ];
}

const rank = ({ todo, status }: MessageStory): number => (todo !== null ? 0 : status === 'SENT' ? 2 : 1);
