import Handlebars from 'handlebars';

export interface FlattenOptions {
  /** By name: their sources as they are compiled. */
  readonly partials: ReadonlyMap<string, string>;
  /** What templates see as `@brand`. */
  readonly brand: object;
  readonly noEscape: boolean;
  /** Renders a statement that needs nothing of the context; null for one that does. */
  readonly constant: (statement: string) => string | null;
}

/** `{{@brand.…}}`, neither escaped nor of three braces. */
const BRAND = /(?<![\\{])\{\{@brand\.([\w.]+)\}\}(?!\})/g;
/** `{{> name}}` or `{{> name key=literal}}`, and the rest of its line if there is nothing on it. */
const PARTIAL =
  /(?<![\\{])(?<statement>\{\{> (?<name>[\w/-]+)(?<hash>(?: \w+=(?:"[^"{}]*"|true|false|\d+))*)\}\})(?!\})(?<lineEnd>[ \t]*(?:\r?\n|$))?/g;
/** Without its own line before it, it might not swallow its line any more. */
const IS_TAG_NEXT = /^[ \t]*\{\{/;
const AT_LINE_START = /(?:^|\n)[ \t]*$/;

/**
 * The same template with less to do for each message: what never changes stands in it as text, and small partials
 * stand where they are used. Handlebars took half of its time for calling partials and looking up the brand.
 */
export function flatten(source: string, options: FlattenOptions): string {
  const { partials, brand, noEscape } = options;
  const flat = expanded(source, []);
  return isTemplate(flat) ? flat : source;

  function expanded(text: string, within: readonly string[]): string {
    // A block's own names would reach into what stands in it.
    if (text.includes(' as |')) return text;
    let rest = '';
    let end = text.length;
    // From the end, so that what follows is known as it will stand there.
    for (const { 0: whole, index, groups = {} } of [...text.matchAll(PARTIAL)].reverse()) {
      const { statement = '', name = '', hash = '', lineEnd } = groups;
      const after = text.slice(index + whole.length, end) + rest;
      // A partial that is alone on its line takes the end of the line with it.
      const alone = lineEnd !== undefined && AT_LINE_START.test(text.slice(0, index));
      const instead = options.constant(statement) ?? (hash === '' ? sourceOf(name, within) : null);
      if (instead === null || !standsAnywhere(instead) || (alone && IS_TAG_NEXT.test(after))) continue;
      rest = instead + (alone ? '' : (lineEnd ?? '')) + after;
      end = index;
    }
    return (text.slice(0, end) + rest).replace(BRAND, (tag, path: string) => brandText(path) ?? tag);
  }

  function sourceOf(name: string, within: readonly string[]): string | null {
    const partial = partials.get(name);
    if (partial === undefined || within.includes(name) || !IS_SELF_CONTAINED.test(partial)) return null;
    return expanded(partial, [...within, name]);
  }

  function brandText(path: string): string | null {
    let value: unknown = brand;
    for (const step of path.split('.')) {
      value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
    }
    if (typeof value !== 'string' && typeof value !== 'number') return null;
    const text = noEscape ? String(value) : Handlebars.escapeExpression(String(value));
    return IS_TEXT.test(text) ? text : null;
  }
}

/** Gets nothing from where it is used but the context. */
const IS_SELF_CONTAINED = /^(?![\s\S]*(?:@partial-block|\{\{#\*|\.\.\/))/;
/** Means nothing to Handlebars, and hides no line end that stands beside it. */
const IS_TEXT = /^[^\s\\{}](?:[^\\{}]*[^\s\\{}])?$/;

/** A tag that is alone on its line swallows it, so those at the edges must neither get company nor lose it. */
function standsAnywhere(text: string): boolean {
  if (text === '' || text !== text.trim() || /\\|\{\{~|~\}\}|\{$/.test(text)) return false;
  const lines = text.split('\n');
  if (lines.length === 1) return true;
  const edges = [lines.at(0) ?? '', lines.at(-1) ?? ''];
  return edges.every((line) => line.replace(/\{\{[^}]*\}\}/g, '').trim() !== '');
}

function isTemplate(source: string): boolean {
  try {
    Handlebars.parse(source);
    return true;
  } catch {
    // Whatever went wrong, what was written is compiled instead, and complained of if that is wrong too.
    return false;
  }
}
