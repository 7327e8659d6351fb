import type { Programs } from '../dev/build-programs.js';
import type { Report } from './report-line.js';

/** What all measurements of a run have in common. */
export interface Setting {
  /** Of the stack. */
  readonly variables: Readonly<Record<string, string>>;
  readonly programs: Programs;
  readonly events: number;
  /** For how long each consumer is given orders before those that count. */
  readonly warmUpSeconds: number;
  readonly connections: number;
  readonly brake: string;
  /** Folder for the CPU profile of the service. */
  readonly profile?: string | undefined;
  readonly report: Report;
}
