import type { Tags } from '../rules/mask.js';

/** The values of an event's SECRET fields, to be scrubbed from what others say of its messages. */
export function secretsOf(tags: Tags, event: unknown): string[] {
  const secrets = new Set<string>();
  const walk = (value: unknown, path: string): void => {
    if (value === null || value === undefined || value instanceof Date) return;
    if (Array.isArray(value)) for (const item of value) walk(item, `${path}[]`);
    else if (typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    } else if (tags.get(path) === 'SECRET') secrets.add(String(value));
  };
  walk(event, '');
  return [...secrets];
}
