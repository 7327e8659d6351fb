import { DefinitionError } from '../domain/definition-error.js';

/** What is open: a tag, or a block of Handlebars (`{{#if}}`, `{{#> well}}`). */
interface Opened {
  readonly kind: 'tag' | 'block';
  /** `h1`, `{{#if}}` */
  readonly name: string;
  readonly at: number;
}

// Strings may hold braces, attributes may hold variables; nothing else of a tag holds < or >. A comment can be read
// in one way only: where both kinds would fit, an unclosed quote before twenty of them would take for ever.
const MUSTACHE = String.raw`\{\{(?:!--(?:(?!--\}\})[\s\S])*--\}\}|!(?!--)(?:(?!\}\})[\s\S])*\}\}|(?!!)(?:"[^"]*"|'[^']*'|[^"'{}])*\}\})`;
const VALUE = (quote: string) => `${quote}(?:${MUSTACHE}|(?!\\{\\{)[^${quote}])*${quote}`;
const ATTRIBUTES = `(?:${VALUE('"')}|${VALUE("'")}|${MUSTACHE}|(?!\\{\\{)[^"'<>])*`;
const TOKEN = new RegExp(
  [
    // Comments, those for Outlook included, style sheets and the doctype: nothing in them is a tag.
    '<!--[\\s\\S]*?-->',
    `<style\\b${ATTRIBUTES}>[\\s\\S]*?</style\\s*>`,
    '<!(?:doctype|\\[)[^<>]*>',
    `<(?<opens>[a-z][a-z0-9:-]*)(?=[\\s/>{])${ATTRIBUTES}>`,
    '</(?<closes>[a-z][a-z0-9:-]*)\\s*>',
    MUSTACHE,
    '(?<stray><)',
  ].join('|'),
  'gi',
);
const BLOCK = /^\{\{~?\s*(?<mark>#\*|#>|#|\^|\/|else\b)\s*(?<name>[^\s}~]*)/;
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/**
 * Mail programs guess where a forgotten end tag belongs, each in its own way. So every file, every block and every
 * branch of an {{#if}} closes the tags that it opens and no others, with end tags that HTML lets one omit (</p>, </td>).
 *
 * @throws DefinitionError with file, line and column of the tag
 */
export function assertBalanced(source: string, where: string): void {
  const open: Opened[] = [];
  for (const { 0: token, index, groups = {} } of source.matchAll(TOKEN)) {
    const { opens, closes, stray } = groups;
    if (opens !== undefined) openTag(opens.toLowerCase(), index);
    else if (closes !== undefined) closeTag(closes.toLowerCase(), index);
    else if (stray !== undefined) fail(index, 'this < begins no whole tag; as text it is &lt;');
    else mustache(token, index);
  }
  assertNoTagIsOpen('the end');

  function openTag(name: string, at: number): void {
    if (!VOID.has(name)) open.push({ kind: 'tag', name, at });
  }

  function closeTag(name: string, at: number): void {
    const block = open.findLastIndex(({ kind }) => kind === 'block');
    const tags = open.slice(block + 1);
    if (tags.some((tag) => tag.name === name)) {
      if (tags.at(-1)?.name !== name) assertNoTagIsOpen(`</${name}>`);
      open.pop();
    } else {
      const around = open[block];
      fail(at, `</${name}> closes nothing${around === undefined ? '' : ` in this part of ${around.name}`}`);
    }
  }

  function mustache(token: string, at: number): void {
    const { mark, name = '' } = BLOCK.exec(token)?.groups ?? {};
    if (mark === undefined) return;
    const between = mark === 'else' || (mark === '^' && name === '');
    if (mark !== '/' && !between) {
      open.push({ kind: 'block', name: `{{${mark}${name}}}`, at });
      return;
    }
    assertNoTagIsOpen(token);
    if (open.length === 0) fail(at, `${token} belongs to a block that begins within a tag; let it end there`);
    if (!between) open.pop();
  }

  function assertNoTagIsOpen(before: string): void {
    const last = open.at(-1);
    if (last?.kind === 'tag') fail(last.at, `<${last.name}> is not closed before ${before}`);
  }

  function fail(at: number, why: string): never {
    const before = source.slice(0, at).split('\n');
    throw new DefinitionError(`${where}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: ${why}`);
  }
}
