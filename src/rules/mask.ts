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

/** Every secret value of the event, for scrubbing what others answer. */
export function secretsOf(tags: Tags, event: unknown): readonly string[] {
  const secrets = new Set<string>();
  collect(event, '');
  return [...secrets];

  function collect(value: unknown, path: string): void {
    if (typeof value === 'string' && value !== '' && tags.get(path) === 'SECRET') secrets.add(value);
    if (typeof value !== 'object' || value === null || value instanceof Date) return;
    if (Array.isArray(value)) for (const item of value) collect(item, `${path}[]`);
    else
      for (const [key, inner] of Object.entries(value)) collect(inner, path === '' ? key : `${path}.${key}`);
  }
}
