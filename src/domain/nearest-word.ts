/** The known word that was probably meant: the one that takes fewest changes, a third of its letters at most. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((one) => ({ one, changes: changesBetween(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, changes }) => changes <= Math.max(1, Math.floor(one.length / 3)))
    .sort((a, b) => a.changes - b.changes);
  return ranked[0]?.one ?? null;
}

/** Letters to add, take away, replace or swap with their neighbour (optimal string alignment). */
function changesBetween(a: string, b: string): number {
  const changes = new Map<string, number>();
  const upTo = (i: number, j: number): number => changes.get(`${i},${j}`) ?? Math.max(i, j);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = upTo(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const others = swapped ? [upTo(i - 2, j - 2) + 1] : [];
      changes.set(`${i},${j}`, Math.min(replaced, upTo(i - 1, j) + 1, upTo(i, j - 1) + 1, ...others));
    }
  }
  return upTo(a.length, b.length);
}
