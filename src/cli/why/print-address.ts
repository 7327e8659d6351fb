import { eatTime } from '../eat-time.js';
import { codeOf, sentence, wrapped } from '../wrapped.js';
import type { AddressStory } from './address.js';
import type { EventFacts } from './event.js';
import { placeInWords } from './place.js';
import { CHANNEL_WORDS } from './print-message.js';

/** A few lines each, newest first: the whole story is asked for by id. */
export function addressLines({ address, users, messages, leftOut, parked }: AddressStory): string[] {
  const who = users.length === 0 ? 'no profile has it' : `in the profile of user ${users.join(', ')}`;
  return [
    `${address}, ${who}`,
    ...messages.flatMap(({ acceptedAt, status, rule, channel, reason, says, place, id, event }) => [
      '',
      `${eatTime(acceptedAt)}  ${status}${codeOf(reason)}  ${rule}, ${CHANNEL_WORDS[channel]}`,
      ...wrapped(sentence(says), 2),
      ...(place.kind === 'ended' ? [] : wrapped(placeInWords({ place, id }), 2)),
      `  notification ${id}`,
      ...of(event),
    ]),
    ...leftOut.flatMap(({ at, rule, channel, reason, says, event }) => [
      '',
      `${eatTime(at)}  not sent${codeOf(reason)}  ${rule}${channel === null ? '' : `, ${CHANNEL_WORDS[channel]}`}`,
      ...wrapped(sentence(says), 2),
      ...of(event),
    ]),
    ...parked.flatMap(({ since, rule, until, event }) => [
      '',
      `${eatTime(since)}  waits  ${rule}`,
      `  Until the profile is there, at the latest until ${eatTime(until)}.`,
      ...of(event),
    ]),
    '',
    'The whole story of one, and what to do: comms why <notification or event id>',
  ];
}

const of = (event: EventFacts | null): string[] =>
  event === null ? [] : wrapped(`event ${event.id} (${event.type})`, 2, 4);
