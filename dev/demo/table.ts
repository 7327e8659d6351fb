import pc from 'picocolors';
import type { Scenario } from './scenarios.js';

export interface Row {
  readonly scenario: Scenario;
  /** What is known by now. */
  readonly became: string;
  /** From publishing to the outcome, in milliseconds; null while it is open. */
  readonly tookMs: number | null;
}

const WIDTHS = { event: 13, what: 27, expected: 23, became: 23, took: 6 } as const;

export const asExpected = ({ scenario, became, tookMs }: Row): boolean =>
  tookMs !== null && became === scenario.expected;

/** Fits into 100 columns. */
export function tableLines(rows: readonly Row[]): string[] {
  const head = line('event', 'what it is', 'expected', '', 'became', 'ms');
  return [pc.bold(head), ...rows.map(rowLine)];
}

function rowLine(row: Row): string {
  const { scenario, became, tookMs } = row;
  const [mark, colour] = tookMs === null ? ['·', pc.dim] : asExpected(row) ? ['✓', pc.green] : ['✗', pc.red];
  const took = tookMs === null ? '' : String(Math.round(tookMs));
  return colour(line(scenario.event, scenario.what, scenario.expected, mark, became, took));
}

function line(
  event: string,
  what: string,
  expected: string,
  mark: string,
  became: string,
  took: string,
): string {
  return [
    event.padEnd(WIDTHS.event),
    what.padEnd(WIDTHS.what),
    expected.padEnd(WIDTHS.expected),
    `${mark.padEnd(1)} ${became.padEnd(WIDTHS.became)}`,
    took.padStart(WIDTHS.took),
  ].join(' ');
}
