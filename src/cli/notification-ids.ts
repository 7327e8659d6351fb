import { CommandError } from './command-error.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

/** Each once. @throws CommandError naming the first that can't be one */
export function notificationIds(given: readonly string[]): readonly string[] {
  const strange = given.find((id) => !isUuid(id));
  if (strange !== undefined) {
    throw new CommandError(
      `"${strange}" is no id of a notification. "comms why <event id or address>" shows them.`,
    );
  }
  return [...new Set(given.map((id) => id.toLowerCase()))];
}
