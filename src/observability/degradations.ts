export interface DegradedPart {
  readonly part: string;
  readonly why: string;
  readonly since: Date;
}

/** What works less well than it should, told once when it begins and once when it ends. */
export interface Degradations {
  /** @param why null: it works again */
  set(part: string, why: string | null): void;
  list(): readonly DegradedPart[];
}

export function createDegradations(onChange: (part: string, why: string | null) => void): Degradations {
  const parts = new Map<string, DegradedPart>();
  return {
    set(part, why) {
      const before = parts.get(part);
      if (why === null) {
        if (parts.delete(part)) onChange(part, null);
        return;
      }
      parts.set(part, { part, why, since: before?.since ?? new Date() });
      if (before === undefined) onChange(part, why);
    },
    list: () => [...parts.values()],
  };
}
