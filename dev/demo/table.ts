import pc from 'picocolors';
import { eatTime } from '../../src/cli/eat-time.js';
import type { Remark } from './ledger.js';
import { isHeld, type Row, statusText } from './row.js';

const COLUMNS = [
  ['time', 8],
  ['event', 13],
  ['rule', 18],
  ['recipient', 16],
  ['channel', 7],
  ['  status', 33],
  ['ms', 5],
] as const;

/** 106 columns wide. */
export const headLine = (): string => pc.bold(cellsLine(COLUMNS.map(([name]) => name)));

/**
 * A phase as it is now: its caption, then rows and remarks in the order of its steps.
 * @param good rows that are as expected
 */
export function phaseLines(
  caption: string,
  rows: readonly Row[],
  remarks: readonly Remark[],
  good: ReadonlySet<Row>,
): string[] {
  const lines = [
    ...rows.map((row) => ({
      order: row.place.order,
      key: keyOf(row),
      line: rowLine(row, good.has(row)),
    })),
    ...remarks.map(({ place, text }) => ({ order: place.order, key: '', line: pc.dim(`  ${text}`) })),
  ];
  lines.sort(byStep);
  return ['', pc.bold(caption), ...lines.map(({ line }) => line)];
}

/** Rows in the order of their steps. */
export const inOrder = (rows: readonly Row[]): Row[] =>
  rows
    .map((row) => ({ row, order: row.place.order, key: keyOf(row) }))
    .sort(byStep)
    .map(({ row }) => row);

interface InOrder {
  readonly order: number;
  readonly key: string;
}
const byStep = (a: InOrder, b: InOrder): number => a.order - b.order || a.key.localeCompare(b.key);

/** E-mail before text messages, and what went before what did not. */
const keyOf = ({ channel, recipient, stages }: Row): string =>
  `${channel ?? 'without'} ${stages[0]?.word === 'skipped' ? 1 : 0} ${recipient}`;

/** A row of which nothing was expected, and how it goes on if that is for people to say. */
export const guestRowLines = (row: Row): readonly string[] => [
  rowLine(row, null),
  ...(isHeld(row) ? [pc.dim(`  → held by the brake: npx comms release ${row.rule} --all`)] : []),
];

/** @param isGood null: nothing was expected */
function rowLine(row: Row, isGood: boolean | null): string {
  const { event, place, rule, recipient, channel, tookMs } = row;
  const mark = tookMs === null ? '·' : isGood === null ? ' ' : isGood ? '✓' : '✗';
  const line = cellsLine([
    eatTime(place.time).slice(11, 19),
    event.event,
    rule.slice(rule.indexOf('/') + 1),
    recipient,
    channel ?? '',
    `${mark} ${statusText(row)}`,
    tookMs === null ? '' : String(Math.round(tookMs)),
  ]);
  return colourOf(row, isGood)(line);
}

function colourOf({ stages, tookMs }: Row, isGood: boolean | null): (text: string) => string {
  if (tookMs === null) return pc.cyan;
  if (isGood === false) return pc.red;
  return stages.at(-1)?.word === 'SENT' ? pc.green : pc.yellow;
}

function cellsLine(cells: readonly string[]): string {
  return COLUMNS.map(([name, width], index) => {
    const cell = cells[index] ?? '';
    return name === 'ms' ? cell.padStart(width) : cell.padEnd(width);
  }).join(' ');
}
