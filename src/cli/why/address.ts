import { parseAddress } from '../../channels/email/email-address.js';
import { maskEmail, maskPhone } from '../../domain/mask.js';
import { e164 } from '../../domain/phone-number.js';
import type { Database } from '../../store/database.js';
import { peopleWithAddress } from '../../store/people-with-address.js';
import { messagesTo, messagesToAnyCase, type ToldMessage } from '../../store/told-messages.js';
import {
  type EventFacts,
  eventFacts,
  type ParkedStory,
  parkedStory,
  type SkipStory,
  skipStory,
} from './event.js';
import { eventsByRef, parkedOf, skipsOf } from './events.js';
import { type MessageStory, messageStory } from './message.js';
import type { Surroundings } from './place.js';

/** With the event that it is about; null: that is too long ago. */
type Of<Story> = Story & { readonly event: EventFacts | null };

export interface AddressStory {
  /** Masked. */
  readonly address: string;
  /** Users whose profile has it. */
  readonly users: readonly number[];
  /** Newest first, like the others. */
  readonly messages: readonly Of<MessageStory>[];
  readonly leftOut: readonly (Of<SkipStory> & { readonly rule: string; readonly at: Date })[];
  readonly parked: readonly (Of<ParkedStory> & { readonly rule: string })[];
}

interface Address {
  readonly masked: string;
  /** In the ways in which the logs may have it. */
  readonly written: readonly string[];
  /** In the one way that counts. */
  readonly canonical: string;
  readonly key: string;
}

const PHONE = /^\+?\d[\d -]{5,18}\d$/;

/** Null: it is neither an e-mail address nor a phone number. */
export function addressOf(text: string): Address | null {
  if (PHONE.test(text.trim())) {
    const number = e164(text);
    if (number === null) return null;
    return { masked: maskPhone(number), written: [number], canonical: number, key: `tel:${number}` };
  }
  const checked = parseAddress(text);
  if (!checked.ok) return null;
  const { address } = checked;
  const lower = address.toLowerCase();
  return {
    masked: maskEmail(lower),
    written: [...new Set([address, lower])],
    canonical: address,
    key: `mail:${lower}`,
  };
}

/** What went to an address lately, and what was left out for whoever has it. Null: nothing at all. */
export async function addressStory(
  database: Database,
  address: Address,
  limit: number,
  around: Surroundings,
): Promise<AddressStory | null> {
  const users = await peopleWithAddress(database, address.canonical);
  const keys = users.map((id) => `user:${id}`);
  const messages = await messagesOf(database, address, limit);
  const skips = await skipsOf(database, { recipientKey: [...keys, address.key] }, limit);
  const parked = await parkedOf(database, { waitFor: keys });
  if (messages.length + skips.length + parked.length === 0) return null;

  const refs = [
    ...messages.map(({ event_ref: ref }) => ref),
    ...[...skips, ...parked].map(({ eventRef }) => eventRef),
  ];
  const events = new Map(
    (await eventsByRef(database, [...new Set(refs)])).map((row) => [row.id, eventFacts(row)]),
  );
  const event = (ref: number) => events.get(ref) ?? null;
  return {
    address: address.masked,
    users,
    messages: messages.map((row) => ({
      event: event(row.event_ref),
      ...messageStory(row, messages, around),
    })),
    leftOut: skips.map((row) => ({
      ...{ event: event(row.eventRef), rule: row.rule, at: row.createdAt },
      ...skipStory(row),
    })),
    parked: parked.map((row) => ({ event: event(row.eventRef), rule: row.rule, ...parkedStory(row) })),
  };
}

async function messagesOf(database: Database, address: Address, limit: number): Promise<ToldMessage[]> {
  const found = await messagesTo(database, address.written, limit);
  return found.length > 0 || address.key.startsWith('tel:')
    ? found
    : messagesToAnyCase(database, address.canonical, limit);
}
