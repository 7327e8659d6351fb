import type { Account } from './account.js';

/** What one kind of fault has come to. */
export interface Outcome {
  readonly fault: string;
  readonly what: string;
  readonly instances: number;
  readonly times: number;
  readonly seconds: number;
  readonly account: Account;
  /** How many messages the faults may have left in doubt: those that are known, and so many others. */
  readonly mayFlag: number;
  /** Of each fault, or burst of them, in milliseconds. */
  readonly recoveries: readonly number[];
  /** From publication to acceptance, of one-time codes, in milliseconds. */
  readonly codes: { readonly p50: number; readonly p99: number; readonly most: number };
  /** What share of the machine others took meanwhile: times measured beside them say little. */
  readonly others: number | null;
  /** What took longer than it may. */
  readonly slow: readonly string[];
  /** Empty: all is as it must be. */
  readonly problems: readonly string[];
}
