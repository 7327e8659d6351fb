import type { Channel } from '../../domain/channel.js';
import type { Replayed } from '../../intake/replay.js';
import type { ReplayLine, ReplayOutcome } from '../../intake/replay-line.js';

export interface Count {
  readonly outcome: ReplayOutcome;
  readonly rule: string | null;
  readonly status: ReplayLine['status'];
  readonly reason: ReplayLine['reason'];
  readonly lines: number;
}

export interface Tally {
  add(replayed: Replayed, records: number): void;
  records(): number;
  /** In the order of the outcomes, the most frequent of each first; always the same for the same lines. */
  counts(): readonly Count[];
  of(outcome: ReplayOutcome): number;
  /** Dead letters that were none before. */
  newLetters(): number;
  /** By which something new goes out. */
  channels(): readonly Channel[];
  /** What is new or not as it was, as far as it is kept. */
  differing(): readonly ReplayLine[];
  same(): readonly ReplayLine[];
  /** How many lines of either kind are not kept. */
  left(): number;
}

const ORDER: readonly ReplayOutcome[] = [
  'send',
  'held',
  'refused',
  'superseded',
  'waits',
  'there',
  'skipped',
  'dead letter',
  'left',
  'repeated',
  'profile',
];
const NEW: readonly ReplayOutcome[] = ['send', 'held', 'refused', 'superseded'];

/** @param limit most lines kept of either kind; all are counted */
export function createTally(limit: number): Tally {
  const counts = new Map<string, { count: Omit<Count, 'lines'>; lines: number }>();
  const kept = { differing: [] as ReplayLine[], same: [] as ReplayLine[] };
  const channels = new Set<Channel>();
  /** Lines that wait for newer events, by their slots. */
  const waiting = new Map<string, ReplayLine[]>();
  let records = 0;
  let left = 0;
  let newLetters = 0;

  function count({ outcome, rule, status, reason }: ReplayLine, by: 1 | -1): void {
    const name = JSON.stringify([outcome, rule, status, reason]);
    const lines = (counts.get(name)?.lines ?? 0) + by;
    if (lines === 0) counts.delete(name);
    else counts.set(name, { count: { outcome, rule, status, reason }, lines });
  }

  function keep(line: ReplayLine): void {
    const list = isDifferent(line) ? kept.differing : kept.same;
    if (list.length < limit) list.push(line);
    else left += 1;
  }

  function supersede(slot: string): void {
    for (const line of waiting.get(slot) ?? []) {
      const now: ReplayLine = { ...line, outcome: 'superseded', reason: 'superseded' };
      count(line, -1);
      count(now, 1);
      const place = kept.differing.indexOf(line);
      if (place >= 0) kept.differing[place] = now;
    }
    waiting.delete(slot);
  }

  return {
    add(replayed, more) {
      records += more;
      // Of earlier chunks: within one, what is replaced has made no line.
      for (const slot of replayed.replaced) supersede(slot);
      for (const line of replayed.lines) {
        count(line, 1);
        keep(line);
        if (line.outcome === 'dead letter' && line.differs !== null) newLetters += 1;
        if (line.outcome === 'send' && line.channel !== null) channels.add(line.channel);
        if (line.slot !== null) waiting.set(line.slot, [...(waiting.get(line.slot) ?? []), line]);
      }
    },
    records: () => records,
    counts: () =>
      [...counts]
        .map(([name, { count, lines }]) => ({ name, count: { ...count, lines } }))
        .sort(
          (one, other) =>
            ORDER.indexOf(one.count.outcome) - ORDER.indexOf(other.count.outcome) ||
            other.count.lines - one.count.lines ||
            (one.name < other.name ? -1 : 1),
        )
        .map(({ count }) => count),
    of: (outcome) =>
      [...counts.values()]
        .filter((one) => one.count.outcome === outcome)
        .reduce((sum, one) => sum + one.lines, 0),
    newLetters: () => newLetters,
    channels: () => [...channels],
    differing: () => kept.differing,
    same: () => kept.same,
    left: () => left,
  };
}

const isDifferent = ({ outcome, event, differs }: ReplayLine): boolean =>
  NEW.includes(outcome) || event.isNew || differs !== null;
