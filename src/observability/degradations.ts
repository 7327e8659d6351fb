export interface DegradedPart {
  readonly part: string;
  readonly why: string;
  readonly since: Date;
}

/** What works less well than it should, told once when it begins and once when it ends. */
export interface Degradations {
  /** @param why null: it works again */
  set(part: string, why: string | null): void;
  /** Over when it hasn't been told again for `ms`: for faults that others' success says nothing of. */
  setFor(part: string, why: string, ms: number): void;
  list(): readonly DegradedPart[];
}

export function createDegradations(onChange: (part: string, why: string | null) => void): Degradations {
  const parts = new Map<string, DegradedPart>();
  const ends = new Map<string, NodeJS.Timeout>();

  const set: Degradations['set'] = (part, why) => {
    const before = parts.get(part);
    clearTimeout(ends.get(part));
    ends.delete(part);
    if (why === null) {
      if (parts.delete(part)) onChange(part, null);
      return;
    }
    parts.set(part, { part, why, since: before?.since ?? new Date() });
    if (before === undefined) onChange(part, why);
  };
  return {
    set,
    setFor(part, why, ms) {
      set(part, why);
      ends.set(part, setTimeout(() => set(part, null), ms).unref());
    },
    list: () => [...parts.values()],
  };
}
