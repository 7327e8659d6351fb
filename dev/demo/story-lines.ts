import { judge } from './judge.js';
import type { Ledger } from './ledger.js';
import type { Phase } from './step.js';
import { headLine, phaseLines } from './table.js';

export interface StoryLines {
  /** Of phases in which nothing changes any more. */
  readonly standing: readonly string[];
  readonly open: readonly string[];
}

/** @param current number of the phase that goes on; those after it have not begun */
export function storyLines(phases: readonly Phase[], ledger: Ledger, current: number): StoryLines {
  const rows = ledger.rows();
  const { good } = judge(ledger.expected, rows);
  const standing = [headLine()];
  const open: string[] = [];
  for (const [number, { caption }] of phases.slice(0, current + 1).entries()) {
    const own = rows.filter(({ place }) => place.phase === number);
    const remarks = ledger.remarks.filter(({ place }) => place.phase === number);
    const isOver = number < current && open.length === 0 && own.every(({ tookMs }) => tookMs !== null);
    (isOver ? standing : open).push(...phaseLines(caption, own, remarks, good));
  }
  return { standing, open };
}
