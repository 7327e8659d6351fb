import type { ReplayLine } from '../../intake/replay-line.js';
import { eatTime } from '../eat-time.js';
import { formatTable } from '../table.js';
import { wrapped } from '../wrapped.js';
import type { Count, Tally } from './tally.js';

interface How {
  readonly dryRun: boolean;
}

/** For people: counts, then what is new, then what is as it was. */
export function tallyInWords(tally: Tally, how: How): string {
  const counts = tally.counts();
  if (counts.length === 0) return 'nothing is there to be read again';
  const rows = counts.map((count) => [String(count.lines), outcomeInWords(count, how), count.rule ?? '-']);
  const parts = [
    formatTable(
      ['', 'what', 'rule'],
      rows.map(([lines = '', ...more]) => [lines.padStart(6), ...more]),
    ),
    ...section('New, or not as it was', tally.differing(), how),
    ...section('As it was', tally.same(), how),
  ];
  if (tally.left() > 0) parts.push(`${tally.left()} more: see --limit and --json.`);
  return parts.join('\n\n');
}

export function outcomeInWords(
  { outcome, status, reason }: Pick<Count, 'outcome' | 'status' | 'reason'>,
  { dryRun }: How,
): string {
  const why = reason === null ? '' : ` (${reason})`;
  switch (outcome) {
    case 'send':
      return dryRun ? 'would be sent' : 'on its way';
    case 'held':
      return dryRun ? 'would be held by the brake' : 'held by the brake';
    case 'refused':
      return `${dryRun ? 'would be refused' : 'refused'}${why}`;
    case 'there':
      return `left, is ${status}${why}`;
    case 'skipped':
      return `skipped${why}`;
    case 'waits':
      return dryRun ? 'would wait for its recipient' : 'waits for its recipient';
    case 'superseded':
      return 'a newer event takes its place';
    case 'dead letter':
      return `dead letter${why}`;
    case 'left':
      return 'left';
    case 'repeated':
      return 'the same event again';
    case 'profile':
      return 'the directory follows it';
  }
}

function section(title: string, lines: readonly ReplayLine[], how: How): string[] {
  if (lines.length === 0) return [];
  const events = new Map<string, ReplayLine[]>();
  for (const line of lines) {
    const name = `${line.event.partition}/${line.event.offset}`;
    events.set(name, [...(events.get(name) ?? []), line]);
  }
  const told = [...events.values()].flatMap((own) => [
    ...headOf(own),
    ...own.flatMap((line) => wrapped(lineInWords(line, how), 4, 6)),
  ]);
  return [[`${title}:`, ...told].join('\n')];
}

function headOf([first]: readonly ReplayLine[]): string[] {
  if (first === undefined) return [];
  const { time, id, partition, offset, isNew } = first.event;
  const place = `partition ${partition}, offset ${offset}${isNew ? ', not in the inbox' : ''}`;
  // Of a module's making: nothing that a terminal would obey.
  return wrapped(`${eatTime(time)} ${id.replace(/\p{Cc}/gu, '\u{FFFD}')} (${place})`, 2, 4);
}

function lineInWords(line: ReplayLine, how: How): string {
  const { channel, recipient, rule, at, detail, differs, event } = line;
  const since = at === null ? '' : ` since ${eatTime(at)}`;
  const to = [channel, recipient].filter((part) => part !== null).join(' to ');
  const whose = [to, rule].filter((part) => part !== null && part !== '').join(', ');
  const why = [detail, event.isNew ? null : differs].filter((part) => part !== null).join('; ');
  const parts = [whose, why].filter((part) => part !== '').join('; ');
  return `${outcomeInWords(line, how)}${since}${parts === '' ? '' : `: ${parts}`}`;
}
