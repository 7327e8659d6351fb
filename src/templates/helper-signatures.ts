import type { Use } from './need.js';

/** What each helper takes, in order. Whatever is here is registered, and nothing else (see helpers.ts). */
export const HELPER_SIGNATURES = {
  /** 08:10, 1 Oct 2025, in Nairobi. */
  time: ['Instant'],
  /** Wed 1 Oct 2025. */
  date: ['BusinessDate'],
  /** KES 1,234.50 */
  money: ['Money'],
  /** The same in the currency of its second argument. */
  amount: ['Money', 'string'],
  /** 1,234.5, at most three decimals. */
  quantity: ['Quantity'],
  /** 1,350 */
  number: ['number'],
  /** {{plural n "crate" "crates"}}: 1 crate, 1,350 crates. */
  plural: ['number', 'string', 'string'],
  /** PASSWORD_RESET as "password reset". */
  label: ['string'],
  /** For {{#if (eq purpose "LOGIN")}}. */
  eq: ['Text', 'Text'],
} as const satisfies Readonly<Record<string, readonly Use[]>>;

export type HelperName = keyof typeof HELPER_SIGNATURES;

export function signatureOf(name: string): readonly Use[] | undefined {
  return Object.entries(HELPER_SIGNATURES).find(([known]) => known === name)?.[1];
}
