import { outcomeText, type Row } from './row.js';

export interface Judgement {
  /** Rows that are as expected. */
  readonly good: ReadonlySet<Row>;
  /** What is not, in words. */
  readonly problems: readonly string[];
}

/** Holds what was seen against what was expected of each event, in any order. */
export function judge(expected: ReadonlyMap<string, readonly string[]>, rows: readonly Row[]): Judgement {
  const good = new Set<Row>();
  const problems: string[] = [];
  for (const [as, outcomes] of expected) {
    const own = rows.filter(({ event }) => event.as === as);
    const left = [...own];
    const missing = outcomes.filter((outcome) => {
      const found = left.findIndex((row) => row.tookMs !== null && outcomeText(row) === outcome);
      const [row] = found < 0 ? [] : left.splice(found, 1);
      if (row !== undefined) good.add(row);
      return row === undefined;
    });
    if (missing.length + left.length === 0) continue;
    const saw =
      left.length === 0 ? 'nothing else' : left.map((row) => quoted(outcomeText(row))).join(' and ');
    const wanted = missing.length === 0 ? 'no more' : missing.map(quoted).join(' and ');
    problems.push(`${as}: expected ${wanted}, saw ${own.length === 0 ? 'nothing' : saw}`);
  }
  return { good, problems };
}

const quoted = (text: string): string => `"${text}"`;
