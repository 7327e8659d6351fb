/**
 * A list, or an object, with each of its values mapped. It is copied only if one of them becomes another: of a message most
 * stays what it is.
 */
export function mapValues(container: object, change: (value: unknown) => unknown): object {
  if (isNamed(container)) return mapNamed(container, change);
  const items: readonly unknown[] = Array.isArray(container) ? container : [];
  return mapItems(items, change);
}

const isNamed = (container: object): container is Readonly<Record<string, unknown>> =>
  !Array.isArray(container);

// By its keys: entries are made one by one, and most containers stay as they are.
function mapNamed(
  container: Readonly<Record<string, unknown>>,
  change: (value: unknown) => unknown,
): Readonly<Record<string, unknown>> {
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
