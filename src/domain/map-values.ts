/**
 * A list, or an object, with each of its values mapped. It is copied only if one of them becomes another: of a message most
 * stays what it is.
 */
export function mapValues(container: object, change: (value: unknown) => unknown): object {
  if (Array.isArray(container)) return mapItems(container, change);
  if (!isRecord(container)) return container;
  let copy: Record<string, unknown> | null = null;
  for (const name of Object.keys(container)) {
    const value = container[name];
    const changed = change(value);
    if (changed === value) continue;
    copy ??= { ...container };
    copy[name] = changed;
  }
  return copy ?? container;
}

function mapItems(items: readonly unknown[], change: (value: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (const [place, item] of items.entries()) {
    const changed = change(item);
    if (changed === item) continue;
    copy ??= [...items];
    copy[place] = changed;
  }
  return copy ?? items;
}

/** Whatever is no list: only asked of those. */
const isRecord = (container: object): container is Readonly<Record<string, unknown>> =>
  !Array.isArray(container);
