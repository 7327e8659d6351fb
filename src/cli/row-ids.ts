import { CommandError } from './command-error.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

export const notificationIds = (given: readonly string[]): readonly string[] =>
  rowIds(given, 'a notification', 'comms why <event id or address>');

export const deadLetterIds = (given: readonly string[]): readonly string[] =>
  rowIds(given, 'a dead letter', 'comms dead-letters list');

/** Each once. @throws CommandError naming the first that can't be one */
function rowIds(given: readonly string[], what: string, shownBy: string): readonly string[] {
  const strange = given.find((id) => !isUuid(id));
  if (strange !== undefined) {
    throw new CommandError(`"${strange}" is no id of ${what}. "${shownBy}" shows them.`);
  }
  return [...new Set(given.map((id) => id.toLowerCase()))];
}
