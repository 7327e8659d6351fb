import type { Stack } from '../../dev/stack/part.js';
import type { SmtpSink } from '../helpers/smtp-sink.js';
import type { Fleet } from './fleet.js';
import type { Ledger } from './ledger.js';
import type { Random, Range } from './random.js';

/** What a fault may lay hands on. */
export interface Scene {
  readonly stack: Stack;
  readonly databaseUrl: string;
  readonly fleet: Fleet;
  readonly mail: SmtpSink;
  readonly ledger: Ledger;
  readonly random: Random;
  /** SMTP connections of one instance. */
  readonly connections: number;
}

/** A fault that is under way. */
export interface Strike {
  /** What it hit, for the progress line. */
  readonly what: string;
  /** Undoes it. @returns how many messages it may have left in doubt, at most */
  end(): Promise<number>;
}

export interface Fault {
  /** For --only. */
  readonly name: string;
  /** For the table. */
  readonly what: string;
  readonly instances: number;
  /** How often, in a whole run and in a short one; 0 leaves it out. */
  readonly times: { readonly whole: number; readonly short: number };
  /** How long it lasts, at random. */
  readonly lastsMs: Range;
  /** From the end of one to the beginning of the next. */
  readonly restMs: Range;
  /** From where recovery counts. */
  readonly recovery: { readonly from: 'beginning' | 'end'; readonly withinMs: number };
  /** The longest that a one-time code may take from publication to acceptance. */
  readonly codesWithinMs?: number;
  /** Instances may end by themselves, and be started again. */
  readonly mayCrash?: true;
  readonly environment?: Readonly<Record<string, string>>;
  strike(scene: Scene, number: number): Promise<Strike>;
}
