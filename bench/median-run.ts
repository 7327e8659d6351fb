import type { Throughput } from './result.js';

export const mailsPerSecond = ({ events, mailedSeconds }: Throughput): number => events / mailedSeconds;

/** The one in the middle by mails a second, the slower of two: all its figures are of one run. @throws RangeError if there is none */
export function medianRun(runs: readonly Throughput[]): Throughput {
  const sorted = runs.toSorted((a, b) => mailsPerSecond(a) - mailsPerSecond(b));
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  if (median === undefined) throw new RangeError('no median of no runs');
  return median;
}
