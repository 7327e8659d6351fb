/**
 * A list, or an object, with each of its values mapped. It is copied only if one of them becomes another: of a message most
 * stays what it is.
 */
export function mapValues(container: object, change: (value: unknown) => unknown): object {
  if (Array.isArray(container)) {
    const items: readonly unknown[] = container;
    const changed = items.map(change);
    return changed.every((item, place) => item === items[place]) ? items : changed;
  }
  let copy: Record<string, unknown> | null = null;
  for (const [name, value] of Object.entries(container)) {
    const changed = change(value);
    if (changed !== value) {
      copy ??= { ...container };
      copy[name] = changed;
    }
  }
  return copy ?? container;
}
