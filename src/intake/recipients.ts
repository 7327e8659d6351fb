import { parseAddress } from '../channels/email/email-address.js';
import type { Channel } from '../domain/channel.js';
import { e164 } from '../domain/phone-number.js';
import type { Reason } from '../domain/reason.js';
import { storableText } from '../domain/storable-text.js';
import type { Person } from '../generated/events.js';
import type { Contact } from '../store/contacts.js';

/** Whom the rule means, and how it wants to reach them. */
export interface Audience {
  readonly direct: readonly Person[];
  readonly roles: readonly string[];
  /** This person never hears of it. */
  readonly except: Person | null;
  readonly channels: readonly Channel[];
}

/** What the directory knows of them. */
export interface Directory {
  /** Those who are gone included. */
  person(userId: number): Contact | undefined;
  /** Active and approved. */
  holders(role: string): readonly Contact[];
}

/** One person by one channel. */
export interface Recipient {
  /** `user:<id>`, else `mail:<lower-case address>`, else `tel:<E.164>`; the same for all channels. */
  readonly key: string;
  readonly userId: number | null;
  readonly name: string | null;
  readonly channel: Channel;
  readonly address: string;
  /** Why the address can't be written to; null if it can. */
  readonly refused: string | null;
  /** Whether the event names them, or they hold a role that hears of it. */
  readonly audience: 'person' | 'role';
}

export interface Addressed {
  readonly recipients: readonly Recipient[];
  readonly skips: readonly {
    readonly recipientKey: string | null;
    readonly channel: Channel | null;
    readonly reason: Reason;
  }[];
  /** Who may still arrive: `user:<id>` with the person of the event, or `role:<ROLE>`. */
  readonly waits: readonly { readonly waitFor: string; readonly person: Person | null }[];
}

/**
 * From an audience to addresses. The event's own address wins, the directory fills the gap; the same person or
 * address twice is one recipient. Who can be reached by one channel at least is not waited for because of another.
 * A role that nobody holds is waited for, whoever else hears of it.
 */
export function addressAudience(audience: Audience, directory: Directory): Addressed {
  const recipients: Recipient[] = [];
  const skips: Addressed['skips'][number][] = [];
  const waits: Addressed['waits'][number][] = [];
  const seen = new Set<string>();

  const add = (recipient: Recipient) => {
    const { channel, key, address } = recipient;
    const names = [`${channel} ${key}`, `${channel} ${address.toLowerCase()}`];
    if (names.some((name) => seen.has(name))) return;
    for (const name of names) seen.add(name);
    recipients.push(recipient);
  };
  /** @returns false if none of the channels has an address */
  const reach = (person: Reachable, as: Recipient['audience']): boolean => {
    const key = keyOf(person);
    const found = audience.channels.filter((channel) => addressOf(person, channel) !== null);
    if (key === null || found.length === 0) return false;
    for (const channel of audience.channels) {
      const address = addressOf(person, channel);
      if (address === null) skips.push({ recipientKey: key, channel, reason: 'no_address' });
      else add({ ...recipientOf(person, channel, address), key, audience: as });
    }
    return true;
  };

  for (const person of audience.direct) {
    if (isSame(person, audience.except)) continue;
    const contact = person.user_id === null ? undefined : directory.person(person.user_id);
    if (reach(withGapsFilled(person, contact), 'person')) continue;
    if (person.user_id === null) skips.push({ recipientKey: null, channel: null, reason: 'no_address' });
    else if (contact) {
      skips.push({ recipientKey: `user:${person.user_id}`, channel: null, reason: 'no_address' });
    } else waits.push({ waitFor: `user:${person.user_id}`, person });
  }
  for (const role of audience.roles) {
    for (const holder of directory.holders(role)) {
      if (isSame({ user_id: holder.userId, email: holder.email }, audience.except)) continue;
      if (reach(holder, 'role')) continue;
      skips.push({ recipientKey: `user:${holder.userId}`, channel: null, reason: 'no_address' });
    }
  }
  const empty = audience.roles.filter((role) => directory.holders(role).length === 0);
  waits.push(...empty.map((role) => ({ waitFor: `role:${role}`, person: null })));
  if (recipients.length + skips.length + waits.length === 0) {
    skips.push({ recipientKey: null, channel: null, reason: 'no_address' });
  }
  return { recipients, skips, waits };
}

/** Whether a person of the event can be reached by all channels without the directory. */
export const isComplete = (person: Person, channels: readonly Channel[]): boolean =>
  channels.every((channel) => addressOf({ ...person, userId: person.user_id }, channel) !== null);

interface Reachable {
  readonly userId: number | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

const withGapsFilled = (person: Person, contact: Contact | undefined): Reachable => ({
  userId: person.user_id,
  name: person.name,
  email: person.email?.trim() || (contact?.email ?? null),
  phone: person.phone?.trim() || (contact?.phone ?? null),
});

const addressOf = ({ email, phone }: Reachable, channel: Channel): string | null =>
  (channel === 'email' ? email : phone)?.trim() || null;

function keyOf({ userId, email, phone }: Reachable): string | null {
  if (userId !== null) return `user:${userId}`;
  if (email?.trim()) return `mail:${emailOf(email).address.toLowerCase()}`;
  return phone?.trim() ? `tel:${phoneOf(phone).address}` : null;
}

function recipientOf({ userId, name }: Reachable, channel: Channel, written: string) {
  return { userId, name, channel, ...(channel === 'email' ? emailOf(written) : phoneOf(written)) };
}

/** What is malformed is kept so that people find it. */
function emailOf(written: string): Pick<Recipient, 'address' | 'refused'> {
  const checked = parseAddress(written);
  return checked.ok
    ? { address: checked.address, refused: null }
    : { address: storableText(written, 254), refused: checked.why };
}

function phoneOf(written: string): Pick<Recipient, 'address' | 'refused'> {
  const number = e164(written);
  return number === null
    ? { address: storableText(written, 20), refused: 'it is no phone number' }
    : { address: number, refused: null };
}

function isSame(person: Pick<Person, 'user_id' | 'email'>, other: Person | null): boolean {
  if (other === null) return false;
  if (person.user_id !== null && person.user_id === other.user_id) return true;
  return person.email !== null && person.email.toLowerCase() === other.email?.toLowerCase();
}
