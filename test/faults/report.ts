import { BAD } from './account.js';
import type { Outcome } from './outcome.js';

/** A heading for each column, and its cell for one fault. */
const columns: readonly (readonly [string, (outcome: Outcome) => string | number])[] = [
  ['times', ({ times }) => times],
  ['events', ({ account }) => account.events],
  ['lost', ({ account }) => account.lost.length],
  ['doubled', ({ account }) => account.doubled.length],
  ['flagged (at most)', ({ account, mayFlag }) => `${account.flagged.length} (${mayFlag})`],
  ['came twice', ({ account }) => account.cameTwice.length],
  ['out of order', ({ account }) => account.outOfOrder.length],
  ['gaps', ({ account }) => account.gaps.length],
  ['stuck', ({ account }) => account.stuck.length],
  ['astray', ({ account }) => account.astray.length],
  ['recovery s', ({ recoveries }) => inSeconds(Math.max(0, ...recoveries))],
  ['codes p99 ms', ({ codes }) => codes.p99],
  ['longest', ({ codes }) => codes.most],
  ['others %', ({ others }) => (others === null ? '–' : Math.round(others * 100))],
];

const inSeconds = (ms: number): string => (Number.isFinite(ms) ? (ms / 1000).toFixed(1) : 'never');

const head: readonly string[] = ['fault', ...columns.map(([head]) => head)];

const row = (outcome: Outcome): readonly string[] => [
  outcome.what,
  ...columns.map(([, cell]) => String(cell(outcome))),
];

const asMarkdown = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Of the table in docs/reliability.md. */
export const tableColumns = asMarkdown([...head, 'run']);

/** @param origin which run it is from */
export const markdownRow = (outcome: Outcome, origin: string): string => {
  const [what = '', ...cells] = row(outcome);
  return asMarkdown([`\`${outcome.fault}\` ${what}`, ...cells, origin]);
};

/** For a terminal. */
export function tableAsText(outcomes: readonly Outcome[]): string {
  const rows = [head, ...outcomes.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((cells) => cells.map(pad).join('  ')).join('\n');
}

const MOST_TOLD = 12;

/** What is wrong with a run, the first of it at length. */
export function problemsAsText({ what, problems }: Outcome): string {
  if (problems.length === 0) return '';
  const more = problems.length > MOST_TOLD ? [`  and ${problems.length - MOST_TOLD} more`] : [];
  return [`${what}:`, ...problems.slice(0, MOST_TOLD).map((one) => `  ${one}`), ...more].join('\n');
}

export const isGood = ({ account, problems }: Outcome): boolean =>
  problems.length === 0 && BAD.every((name) => account[name].length === 0);
