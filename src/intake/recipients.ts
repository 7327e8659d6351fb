import { parseAddress } from '../channels/email/email-address.js';
import type { Reason } from '../domain/reason.js';
import { storableText } from '../domain/storable-text.js';
import type { Person } from '../generated/events.js';
import type { Contact } from '../store/contacts.js';

/** Whom the rule means. */
export interface Audience {
  readonly direct: readonly Person[];
  readonly roles: readonly string[];
  /** This person never hears of it. */
  readonly except: Person | null;
}

/** What the directory knows of them. */
export interface Directory {
  /** Those who are gone included. */
  person(userId: number): Contact | undefined;
  /** Active and approved. */
  holders(role: string): readonly Contact[];
}

export interface Recipient {
  /** `user:<id>`, else `mail:<lower-case address>` */
  readonly key: string;
  readonly userId: number | null;
  readonly name: string | null;
  readonly address: string;
  /** Why the address can't be written to; null if it can. */
  readonly refused: string | null;
}

export interface Addressed {
  readonly recipients: readonly Recipient[];
  readonly skips: readonly { readonly recipientKey: string | null; readonly reason: Reason }[];
  /** Who may still arrive: `user:<id>` with the person of the event, or `role:<ROLE>`. */
  readonly waits: readonly { readonly waitFor: string; readonly person: Person | null }[];
}

/**
 * From an audience to addresses. The event's own address wins, the directory fills the gap; the same
 * person or address twice is one recipient. Roles without any holder wait only if nobody else hears of it.
 */
export function addressAudience(audience: Audience, directory: Directory): Addressed {
  const recipients: Recipient[] = [];
  const skips: Addressed['skips'][number][] = [];
  const waits: Addressed['waits'][number][] = [];
  const seen = new Set<string>();

  const add = (recipient: Recipient) => {
    const address = `mail:${recipient.address.toLowerCase()}`;
    if (seen.has(recipient.key) || seen.has(address)) return;
    seen.add(recipient.key).add(address);
    recipients.push(recipient);
  };

  for (const person of audience.direct) {
    if (isSame(person, audience.except)) continue;
    const contact = person.user_id === null ? undefined : directory.person(person.user_id);
    const address = person.email?.trim() || contact?.email;
    if (address) add(recipientOf(person.user_id, person.name, address));
    else if (person.user_id === null) skips.push({ recipientKey: null, reason: 'no_address' });
    else if (contact) skips.push({ recipientKey: `user:${person.user_id}`, reason: 'no_address' });
    else waits.push({ waitFor: `user:${person.user_id}`, person });
  }
  for (const role of audience.roles) {
    for (const { userId, name, email } of directory.holders(role)) {
      if (isSame({ user_id: userId, email }, audience.except)) continue;
      if (email === null) skips.push({ recipientKey: `user:${userId}`, reason: 'no_address' });
      else add(recipientOf(userId, name, email));
    }
  }
  if (recipients.length === 0 && waits.length === 0) {
    const empty = audience.roles.filter((role) => directory.holders(role).length === 0);
    waits.push(...empty.map((role) => ({ waitFor: `role:${role}`, person: null })));
  }
  if (recipients.length + skips.length + waits.length === 0) {
    skips.push({ recipientKey: null, reason: 'no_address' });
  }
  return { recipients, skips, waits };
}

function recipientOf(userId: number | null, name: string | null, written: string): Recipient {
  const checked = parseAddress(written);
  // A malformed address is kept so that people find it.
  const address = checked.ok ? checked.address : storableText(written, 254);
  return {
    key: userId === null ? `mail:${address.toLowerCase()}` : `user:${userId}`,
    userId,
    name,
    address,
    refused: checked.ok ? null : checked.why,
  };
}

function isSame(person: Pick<Person, 'user_id' | 'email'>, other: Person | null): boolean {
  if (other === null) return false;
  if (person.user_id !== null && person.user_id === other.user_id) return true;
  return person.email !== null && person.email.toLowerCase() === other.email?.toLowerCase();
}
