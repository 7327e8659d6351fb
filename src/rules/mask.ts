import type { Tag, Tags } from '../domain/tag.js';

const MASKS: Readonly<Record<Tag, string>> = { SECRET: '[secret]', PII: '[personal]' };

/** A copy in which every value whose tag is to be hidden reads `[secret]` or `[personal]`; null stays null. */
export const maskEvent = (tags: Tags, event: unknown, hide: readonly Tag[]): unknown =>
  masked(event, placesOf(tags), hide);

/** Some field of such events is tagged with one of these. */
export function hasTag(tags: Tags, wanted: readonly Tag[]): boolean {
  for (const tag of tags.values()) if (wanted.includes(tag)) return true;
  return false;
}

/** The values of an event's SECRET fields, to be scrubbed from what others say of its messages. */
export function secretsOf(tags: Tags, event: unknown): string[] {
  if (!hasTag(tags, ['SECRET'])) return [];
  const secrets = new Set<string>();
  collectSecrets(event, placesOf(tags), secrets);
  return [...secrets];
}

/** The tags as a tree beside the event, so that no path is put together for each value of each event. */
interface Place {
  tag: Tag | null;
  readonly fields: Map<string, Place>;
  items: Place | null;
}

const trees = new WeakMap<Tags, Place>();

function placesOf(tags: Tags): Place {
  const known = trees.get(tags);
  if (known !== undefined) return known;
  const root = emptyPlace();
  for (const [path, tag] of tags) placeAt(root, path).tag = tag;
  trees.set(tags, root);
  return root;
}

const emptyPlace = (): Place => ({ tag: null, fields: new Map(), items: null });

/** @param path such as `lines[].note` */
function placeAt(root: Place, path: string): Place {
  let place = root;
  for (const step of path.match(/\[\]|[^.[\]]+/g) ?? []) {
    const next = (step === '[]' ? place.items : place.fields.get(step)) ?? emptyPlace();
    if (step === '[]') place.items = next;
    else place.fields.set(step, next);
    place = next;
  }
  return place;
}

function masked(value: unknown, place: Place | null, hide: readonly Tag[]): unknown {
  if (value === null || value === undefined) return value;
  if (place?.tag) return hide.includes(place.tag) ? MASKS[place.tag] : value;
  if (Array.isArray(value)) return value.map((item) => masked(item, place?.items ?? null, hide));
  if (typeof value !== 'object' || value instanceof Date) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const key of Object.keys(copy)) copy[key] = masked(copy[key], place?.fields.get(key) ?? null, hide);
  return copy;
}

function collectSecrets(value: unknown, place: Place | null, into: Set<string>): void {
  // Where nothing is tagged, nothing is secret.
  if (value === null || value === undefined || place === null) return;
  if (place.tag === 'SECRET') into.add(String(value));
  if (place.tag !== null) return;
  if (Array.isArray(value)) for (const item of value) collectSecrets(item, place.items, into);
  else if (typeof value === 'object' && !(value instanceof Date)) {
    for (const [key, inner] of Object.entries(value)) {
      collectSecrets(inner, place.fields.get(key) ?? null, into);
    }
  }
}
