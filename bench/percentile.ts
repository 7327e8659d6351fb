/** The smallest value that at least `percent` of all are not above (nearest rank). @throws RangeError if there is none */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no percentile of no values');
  return value;
}
