/** So many messages in so long; null: no limit. */
export type BrakeLimit = { readonly messages: number; readonly perMs: number } | null;

/** What a rule may lead to before people are asked. */
export interface BrakeLimits {
  /** To everybody together, over all channels. */
  readonly perRule: BrakeLimit;
  /** To one person, by one channel. */
  readonly perRecipient: BrakeLimit;
}
