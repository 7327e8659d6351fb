import { CommandError } from '../command-error.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Each once. @throws CommandError naming the first that can't be one */
export function deadLetterIds(given: readonly string[]): readonly string[] {
  const strange = given.find((id) => !UUID.test(id));
  if (strange !== undefined) {
    throw new CommandError(`"${strange}" is no id of a dead letter. "comms dead-letters list" shows them.`);
  }
  return [...new Set(given)];
}
