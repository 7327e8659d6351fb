/** Somebody who is to be forgotten, by everything that leads to them. */
export interface Person {
  readonly userIds: readonly number[];
  /** E-mail addresses, lower case. */
  readonly emails: readonly string[];
  /** E.164 */
  readonly phones: readonly string[];
  /** Only those that were asked for: others may have the same. */
  readonly names: readonly string[];
}

/** Recipient keys that hold an address. */
export const addressKeysOf = ({ emails, phones }: Person): readonly string[] => [
  ...emails.map((email) => `mail:${email}`),
  ...phones.map((phone) => `tel:${phone}`),
];

export const userKeysOf = ({ userIds }: Person): readonly string[] => userIds.map((id) => `user:${id}`);
