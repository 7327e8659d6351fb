import type { CpuUse } from './cpu/cpu-of.js';

export interface Throughput {
  readonly name: string;
  readonly events: number;
  /** From when all orders could be read to the last mail accepted, and to the last status published. */
  readonly mailedSeconds: number;
  readonly publishedSeconds: number | null;
  readonly bytesPerMail: number;
  /** Mails that went to somebody who had theirs. */
  readonly twice: number;
  readonly cpu: CpuUse;
  /** Seconds in each stage, summed over whatever went through it at once. */
  readonly stages: Readonly<Record<string, number>> | null;
}

export interface OtpLatency {
  readonly backlog: string;
  /** Mails that waited when the first code was published, and when the last one was accepted. */
  readonly waiting: { readonly before: number; readonly after: number };
  readonly answerAfterMs: number;
  readonly connections: number;
  readonly perSecond: number;
  readonly published: number;
  /** Milliseconds from publishing to acceptance, of each that was accepted. */
  readonly times: readonly number[];
}

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly postgres: string;
  /** Settings of PostgreSQL, as it said itself. */
  readonly fsync: string;
  readonly synchronousCommit: string;
  readonly commit: string | null;
}

export interface BenchResult {
  readonly at: Date;
  /** That all the measuring took. */
  readonly seconds: number;
  readonly command: string;
  readonly machine: Machine;
  readonly connections: number;
  readonly brake: string;
  /** Of orders before those that count. */
  readonly warmUpSeconds: number;
  /** Of what was measured several times the median run. */
  readonly throughput: readonly Throughput[];
  /** Ours and naive by turns, each round in the order in which they ran. */
  readonly rounds: readonly (readonly Throughput[])[];
  readonly otp: readonly OtpLatency[];
}
