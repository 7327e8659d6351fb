import { contactsById, holdersOfRoles } from '../store/contacts.js';
import type { Statements } from '../store/database.js';
import { type Audience, type Directory, isComplete } from './recipients.js';

/** What the directory knows of everybody these audiences may mean, in at most two queries. */
export async function loadDirectory(db: Statements, audiences: readonly Audience[]): Promise<Directory> {
  const ids = new Set<number>();
  const roles = new Set<string>();
  for (const { direct, roles: wanted, channels } of audiences) {
    // Who comes with all addresses is not looked up.
    for (const person of direct) {
      if (person.user_id !== null && !isComplete(person, channels)) ids.add(person.user_id);
    }
    for (const role of wanted) roles.add(role);
  }
  const people = await contactsById(db, [...ids]);
  const holders = await holdersOfRoles(db, [...roles]);
  return {
    person: (userId) => people.get(userId),
    holders: (role) => holders.filter((contact) => contact.role === role),
  };
}
