/** Somebody who is to be forgotten, by everything that leads to them. */
export interface Person {
  readonly userIds: readonly number[];
  /** E-mail addresses, lower case. */
  readonly emails: readonly string[];
  /** E.164 */
  readonly phones: readonly string[];
  readonly names: readonly string[];
}

/** Too short a name is found in everything. */
const SHORTEST_NAME = 6;
/** Without what stands before it in one form or another: +254…, 254…, 0…. */
const SUBSCRIBER_DIGITS = 9;

/** What a text must not contain any more; lower case. */
export const needlesOf = ({ emails, phones, names }: Person): readonly string[] => [
  ...emails,
  ...phones.map((phone) => phone.slice(-SUBSCRIBER_DIGITS)),
  ...names.map((name) => name.trim().toLowerCase()).filter((name) => name.length >= SHORTEST_NAME),
];

/** Recipient keys that hold an address. */
export const addressKeysOf = ({ emails, phones }: Person): readonly string[] => [
  ...emails.map((email) => `mail:${email}`),
  ...phones.map((phone) => `tel:${phone}`),
];

export const userKeysOf = ({ userIds }: Person): readonly string[] => userIds.map((id) => `user:${id}`);
