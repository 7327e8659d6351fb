export interface BackOff {
  /** The wait after one more failure of `key`, in milliseconds. */
  failed(key: string): number;
  succeeded(key: string): void;
}

/** Doubles from `firstMs` up to `longestMs`, for each key on its own. */
export function createBackOff({ firstMs, longestMs }: { firstMs: number; longestMs: number }): BackOff {
  const last = new Map<string, number>();
  return {
    failed(key) {
      const previous = last.get(key);
      const ms = previous === undefined ? firstMs : Math.min(previous * 2, longestMs);
      last.set(key, ms);
      return ms;
    },
    succeeded(key) {
      last.delete(key);
    },
  };
}
