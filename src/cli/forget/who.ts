import type { Person } from '../../domain/person.js';
import { contactsById } from '../../store/contacts.js';
import type { Database } from '../../store/database.js';
import { peopleWithAddress } from '../../store/people-with-address.js';
import { formerAddresses } from '../../store/traces.js';
import { CommandError } from '../command-error.js';
import { addressOf } from '../why/address.js';
import { wrapped } from '../wrapped.js';

const USER = /^(?:user:)?(\d{1,15})$/;
/** Longer ones without `user:` may be phone numbers. */
const PLAIN_ID = /^\d{1,6}$/;

/**
 * All that leads to the person: from an address to the user who has it, from a user to their addresses, past ones
 * included. An address that another profile has too is that person's, and left.
 * @throws CommandError for what is neither an id nor an address, or belongs to several people
 */
export async function whoIs(database: Database, what: string, names: readonly string[]): Promise<Person> {
  const [, id = ''] = USER.exec(what) ?? [];
  if (id !== '' && (what.startsWith('user:') || PLAIN_ID.test(what)))
    return ofUser(database, Number(id), names);
  const address = addressOf(what);
  if (address === null) {
    throw new CommandError(
      `"${what}" is no user id (12, or user:1234567), no e-mail address and no phone number.`,
    );
  }
  const users = await peopleWithAddress(database, address.canonical);
  const [user] = users;
  if (users.length > 1) {
    const text = `The profiles of users ${users.join(', ')} all have ${address.masked}. Say which one is to be forgotten, by id.`;
    throw new CommandError(wrapped(text).join('\n'));
  }
  if (user !== undefined) return ofUser(database, user, names);
  return address.key.startsWith('tel:')
    ? { userIds: [], emails: [], phones: [address.canonical], names }
    : { userIds: [], emails: [address.canonical.toLowerCase()], phones: [], names };
}

async function ofUser(database: Database, userId: number, names: readonly string[]): Promise<Person> {
  const contact = (await contactsById(database, [userId])).get(userId);
  const former = await formerAddresses(database, [userId]);
  const emails = unique([...(contact?.email ? [contact.email] : []), ...former.emails].map(lower));
  const phones = unique([
    ...(contact?.phone ? [contact.phone] : []),
    ...(contact?.otherPhones ?? []),
    ...former.phones,
  ]);
  const own = async (addresses: readonly string[]) => {
    const kept: string[] = [];
    for (const address of addresses) {
      const users = await peopleWithAddress(database, address);
      if (users.every((one) => one === userId)) kept.push(address);
    }
    return kept;
  };
  return {
    userIds: [userId],
    emails: await own(emails),
    phones: await own(phones),
    names,
  };
}

const lower = (text: string): string => text.toLowerCase();
const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
