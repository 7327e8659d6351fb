import pc from 'picocolors';
import type { Ledger } from './ledger.js';
import { isHeld, type Row, statusText } from './row.js';
import type { StoryLines } from './story-lines.js';
import { guestRowLines, inOrder } from './table.js';

/**
 * What others publish when the morning is over, of which nothing is expected.
 * @param redraws open lines are seen; if not, a row that waits for somebody stands too, and once more when it goes on
 * @returns the lines as they are now
 */
export function createGuestStory(ledger: Ledger, phase: number, redraws: boolean): () => StoryLines {
  const standing: string[] = ['', pc.bold('What you publish now:')];
  const told = new Set<string>();

  return () => {
    const open: string[] = [];
    for (const [name, row] of named(ledger.rows().filter(({ place }) => place.phase === phase))) {
      const stands = row.tookMs !== null || (!redraws && waitsForSomebody(row));
      if (stands && told.has(name)) continue;
      if (stands) told.add(name);
      (stands ? standing : open).push(...guestRowLines(row));
    }
    return { standing: [...standing], open };
  };
}

const waitsForSomebody = (row: Row): boolean => isHeld(row) || row.stages.at(-1)?.word === 'parked';

/** Rows by what tells them apart; a number if nothing else does, as with addresses that look the same when masked. */
function named(rows: readonly Row[]): readonly (readonly [string, Row])[] {
  const count = new Map<string, number>();
  return inOrder(rows).map((row) => {
    const { event, notificationId, rule, recipient, channel } = row;
    const name = JSON.stringify([event.as, notificationId, rule, recipient, channel, statusText(row)]);
    const number = (count.get(name) ?? 0) + 1;
    count.set(name, number);
    return [`${name} ${number}`, row];
  });
}
