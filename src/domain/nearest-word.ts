/** The known word that was probably meant: the one that takes fewest changes, a third of its letters at most. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((one) => ({ one, changes: changesBetween(word, one) }))
    .filter(({ one, changes }) => changes <= Math.max(1, Math.floor(one.length / 3)))
    .sort((a, b) => a.changes - b.changes);
  return ranked[0]?.one ?? null;
}

/** Letters to add, take away or replace (Levenshtein's distance), upper and lower case alike. */
function changesBetween(a: string, b: string): number {
  const [from, to] = [[...a.toLowerCase()], [...b.toLowerCase()]];
  const first = [0, ...to.map((_, index) => index + 1)];
  const last = from.reduce((above, letter, row) => rowBelow(above, letter, to, row + 1), first);
  return last.at(-1) ?? 0;
}

function rowBelow(above: readonly number[], letter: string, to: readonly string[], start: number): number[] {
  const row = [start];
  for (const [index, other] of to.entries()) {
    const replaced = (above[index] ?? 0) + (letter === other ? 0 : 1);
    const added = (row[index] ?? 0) + 1;
    const removed = (above[index + 1] ?? 0) + 1;
    row.push(Math.min(replaced, added, removed));
  }
  return row;
}
