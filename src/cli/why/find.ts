import type { Database } from '../../store/database.js';
import type { DeadLetterRow } from '../../store/models/dead-letter.js';
import { runningWorkers } from '../../store/running-workers.js';
import { eventOfMessage, messagesOfEvents } from '../../store/told-messages.js';
import { isUuid } from '../row-ids.js';
import { type AddressStory, addressOf, addressStory } from './address.js';
import { type EventStory, eventStories, isOf, partialStory } from './event.js';
import { eventsByRef, findEvents, lettersOf } from './events.js';
import { isSame } from './message.js';
import type { Surroundings } from './place.js';

export type Found =
  | { readonly kind: 'message'; readonly story: EventStory }
  | { readonly kind: 'events'; readonly stories: readonly EventStory[] }
  | { readonly kind: 'address'; readonly story: AddressStory };

export interface FindOptions {
  readonly limit: number;
  readonly now: Date;
}

/** Takes a text for whatever it can be, the surest first: a notification, an address, an event, a dead letter. */
export async function findWhat(
  database: Database,
  text: string,
  { limit, now }: FindOptions,
): Promise<Found | null> {
  const around = { now, workers: await runningWorkers(database) };
  return (
    (await asMessage(database, text, around)) ??
    (await asAddress(database, text, limit, around)) ??
    (await asEvents(database, text, limit, around))
  );
}

/** With what it was sent again as, or instead of. */
async function asMessage(database: Database, text: string, around: Surroundings): Promise<Found | null> {
  if (!isUuid(text)) return null;
  const ref = await eventOfMessage(database, text);
  if (ref === null) return null;
  const all = await messagesOfEvents(database, [ref]);
  const asked = all.find(({ notification_id: id }) => id === text.toLowerCase());
  const chain = asked === undefined ? [] : all.filter((one) => isSame(one, asked));
  const [event] = await eventsByRef(database, [ref]);
  return { kind: 'message', story: partialStory(event, [], chain, around) };
}

async function asAddress(
  database: Database,
  text: string,
  limit: number,
  around: Surroundings,
): Promise<Found | null> {
  const address = addressOf(text);
  if (address === null) return null;
  const story = await addressStory(database, address, limit, around);
  return story && { kind: 'address', story };
}

async function asEvents(
  database: Database,
  text: string,
  limit: number,
  around: Surroundings,
): Promise<Found | null> {
  const by = { eventId: text, subject: text, ...(isUuid(text) && { id: text }) };
  const letters = await lettersOf(database, by, limit);
  const [named] = letters.filter(({ id }) => id === text.toLowerCase());
  const events = await findEvents(database, named?.eventId ?? text, limit);
  const others = letters.filter((letter) => !events.some((event) => isOf(letter, event)));
  const stories = [
    ...(await eventStories(database, events, around)),
    ...byEvent(others).map((own) => partialStory(undefined, own, [], around)),
  ];
  return stories.length === 0 ? null : { kind: 'events', stories };
}

/** Of events that never came into the inbox. */
function byEvent(letters: readonly DeadLetterRow[]): DeadLetterRow[][] {
  const nameOf = ({ id, source, eventId }: DeadLetterRow) =>
    eventId === null ? id : `${source ?? ''} ${eventId}`;
  const events = new Map<string, DeadLetterRow[]>();
  for (const letter of letters) events.set(nameOf(letter), [...(events.get(nameOf(letter)) ?? []), letter]);
  return [...events.values()];
}
