/** How a template uses a value. `flag`: only whether it is there; `list`: gone through. */
export type Use =
  | 'Text'
  | 'string'
  | 'number'
  | 'Money'
  | 'Quantity'
  | 'BusinessDate'
  | 'Instant'
  | 'flag'
  | 'list';

/** What a template needs under one name. */
export interface Need {
  readonly fields: Map<string, Need>;
  item: Need | null;
  /** Each with its first place, as `file:line:column`. */
  readonly uses: Map<Use, string>;
  /** Shown somewhere without having been asked for first. */
  bare: boolean;
  /** Asked for by an if, unless, each or with. */
  guarded: boolean;
  /** Shown before the message is opened, by its subject or preheader: on lock screens, in lists, in the log. */
  glanced: boolean;
}

export const noNeed = (): Need => ({
  fields: new Map(),
  item: null,
  uses: new Map(),
  bare: false,
  guarded: false,
  glanced: false,
});

export function fieldOf(need: Need, name: string): Need {
  const known = need.fields.get(name);
  if (known !== undefined) return known;
  const field = noNeed();
  need.fields.set(name, field);
  return field;
}

export function itemOf(need: Need): Need {
  need.item ??= noNeed();
  return need.item;
}

export function addUse({ uses }: Need, use: Use, place: string): void {
  if (!uses.has(use)) uses.set(use, place);
}

/** What both need. */
export function mergeNeeds(a: Need, b: Need): Need {
  const fields = new Map(a.fields);
  for (const [name, need] of b.fields) {
    const known = fields.get(name);
    fields.set(name, known === undefined ? need : mergeNeeds(known, need));
  }
  return {
    fields,
    item: a.item !== null && b.item !== null ? mergeNeeds(a.item, b.item) : (a.item ?? b.item),
    uses: new Map([...b.uses, ...a.uses]),
    bare: a.bare || b.bare,
    guarded: a.guarded || b.guarded,
    glanced: a.glanced || b.glanced,
  };
}

/** Wherever it is shown, the template asked for it first. */
export const mayBeNull = (need: Need): boolean => need.guarded && !need.bare && !need.uses.has('list');
