/** So many messages in so long; null: no limit. */
export type BrakeLimit = { readonly messages: number; readonly perMs: number } | null;

const UNITS = [
  { letter: 'd', word: 'd', ms: 86_400_000 },
  { letter: 'h', word: 'h', ms: 3_600_000 },
  { letter: 'm', word: 'min', ms: 60_000 },
] as const;

/** From `200/1h`; null for what is not of that form. */
export function parseLimit(text: string): NonNullable<BrakeLimit> | null {
  const [, messages, count, letter] = /^([1-9]\d{0,8})\/([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const unit = UNITS.find((one) => one.letter === letter);
  return unit === undefined ? null : { messages: Number(messages), perMs: Number(count) * unit.ms };
}

/** `20 in 1 h` */
export function limitInWords({ messages, perMs }: NonNullable<BrakeLimit>): string {
  const unit = UNITS.find(({ ms }) => perMs % ms === 0);
  return unit === undefined ? `${messages} in ${perMs} ms` : `${messages} in ${perMs / unit.ms} ${unit.word}`;
}

/** What a rule may lead to before people are asked. */
export interface BrakeLimits {
  /** To everybody together, over all channels. */
  readonly perRule: BrakeLimit;
  /** To one person, by one channel. */
  readonly perRecipient: BrakeLimit;
}
