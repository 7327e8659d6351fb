/** From and to, both included. */
export type Range = readonly [number, number];

export interface Random {
  /** From 0 to 1, 1 left out. */
  fraction(): number;
  whole(range: Range): number;
  /** @throws RangeError if there is nothing to pick from */
  pick<T>(values: readonly T[]): T;
  /** Another one that depends on this seed and the name alone: what one part draws changes nothing for the others. */
  of(name: string): Random;
}

/** The same seed gives the same numbers (mulberry32): a run that went wrong can be had again. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    whole: ([from, to]) => from + Math.floor(fraction() * (to - from + 1)),
    pick(values) {
      const picked = values[Math.floor(fraction() * values.length)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    of: (name) => seededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ hash(name)),
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
