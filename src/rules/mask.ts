import type { Tag, Tags } from '../domain/tag.js';

const MASKS: Readonly<Record<Tag, string>> = { SECRET: '[secret]', PII: '[personal]' };

/** A copy in which every value whose tag is to be hidden reads `[secret]` or `[personal]`; null stays null. */
export const maskEvent = (tags: Tags, event: unknown, hide: readonly Tag[]): unknown =>
  mapTagged(tags, event, (tag, value) => (hide.includes(tag) ? MASKS[tag] : value));

/** The values of an event's SECRET fields, to be scrubbed from what others say of its messages. */
export function secretsOf(tags: Tags, event: unknown): string[] {
  const secrets = new Set<string>();
  mapTagged(tags, event, (tag, value) => {
    if (tag === 'SECRET') secrets.add(String(value));
    return value;
  });
  return [...secrets];
}

/** A copy in which `by` gives the value of whatever has a tag, save for null. */
function mapTagged(tags: Tags, event: unknown, by: (tag: Tag, value: unknown) => unknown): unknown {
  return mapped(event, '');

  function mapped(value: unknown, path: string): unknown {
    if (value === null || value === undefined) return value;
    const tag = tags.get(path);
    if (tag !== undefined) return by(tag, value);
    if (Array.isArray(value)) return value.map((item) => mapped(item, `${path}[]`));
    if (typeof value !== 'object' || value instanceof Date) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, mapped(inner, path === '' ? key : `${path}.${key}`)]),
    );
  }
}
