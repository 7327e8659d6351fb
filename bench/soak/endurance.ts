import type { Programs } from '../../dev/build-programs.js';
import type { Stack } from '../../dev/stack/part.js';
import type { Report } from '../report-line.js';

/** What the runs have in common. */
export interface EnduranceSetting {
  readonly stack: Stack;
  readonly programs: Programs;
  readonly report: Report;
}

export interface Endured {
  /** Markdown. */
  readonly text: string;
  /** What must not be; none if it held out. */
  readonly problems: readonly string[];
}

export const CONNECTIONS = 10;
/** Counts, and holds nothing. */
export const BRAKE = '100000000/1h';
