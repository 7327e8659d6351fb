/** So many messages in so long; null: no limit. */
export type BrakeLimit = { readonly messages: number; readonly perMs: number } | null;

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
] as const;

/** `20 in 1 h` */
export function limitInWords({ messages, perMs }: NonNullable<BrakeLimit>): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => perMs % ms === 0) ?? ['min', 60_000];
  return `${messages} in ${perMs / unitMs} ${unit}`;
}

/** What a rule may lead to before people are asked. */
export interface BrakeLimits {
  /** To everybody together, over all channels. */
  readonly perRule: BrakeLimit;
  /** To one person, by one channel. */
  readonly perRecipient: BrakeLimit;
}
