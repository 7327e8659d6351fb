export type Tag = 'SECRET' | 'PII';
/** Path of a field (`user.name`, `lines[].note`) to what it is. */
export type Tags = ReadonlyMap<string, Tag>;

const MASKS: Readonly<Record<Tag, string>> = { SECRET: '[secret]', PII: '[personal]' };

/** A copy in which every value whose tag is to be hidden reads `[secret]` or `[personal]`; null stays null. */
export function maskEvent(tags: Tags, event: unknown, hide: readonly Tag[]): unknown {
  return masked(event, '');

  function masked(value: unknown, path: string): unknown {
    if (value === null || value === undefined) return value;
    const tag = tags.get(path);
    if (tag !== undefined && hide.includes(tag)) return MASKS[tag];
    if (Array.isArray(value)) return value.map((item) => masked(item, `${path}[]`));
    if (typeof value !== 'object' || value instanceof Date) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, masked(inner, path === '' ? key : `${path}.${key}`)]),
    );
  }
}
