/** Lets the first `limit` different values through and calls all others `other`, so that no caller can flood a metric. */
export function boundedLabel(limit: number): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (!seen.has(value) && seen.size >= limit) return 'other';
    seen.add(value);
    return value;
  };
}
