import { DefinitionError } from '../domain/definition-error.js';

/** Class → its declarations, in the order of the file. */
type Styles = ReadonlyMap<string, string>;

export type InlineStyles = (source: string, where: string) => string;

// A rule may hold {{@brand…}}; quotes would end the attribute it becomes.
const RULE = /\.([a-z][a-z0-9-]*)\s*\{((?:\{\{[^{}"]*\}\}|[^{}"])*)\}/g;
const COMMENT = /\/\*[\s\S]*?\*\//g;
const TAG = /<[a-z][^<>]*>/g;
const CLASS = /\sclass="([^"]*)"/;
const STYLE = /\sstyle="([^"]*)"/;

/**
 * Most mail programs drop a page's <style>, so what it looks like stands in style attributes. This writes them,
 * into the source, since an HTML parser would move the {{#if}} of a table out of it.
 *
 * @param css rules of the form `.name { declarations }`, nothing else
 * @param pages whose <style> has rules for some classes too (phones, dark mode): these stay in the class attribute
 * @throws Error with file and line
 */
export function styleInliner(css: string, pages: readonly string[]): InlineStyles {
  const styles = parseStyles(css);
  const hooks = new Set(pages.flatMap(classesOfStyleElements));

  return (source, where) => {
    assertEveryClassIsInATag(source, where);
    return source.replace(TAG, (tag, at: number) => {
      const [attribute, names] = CLASS.exec(tag) ?? [];
      if (attribute === undefined || names === undefined) return tag;
      const classes = names.split(/\s+/);
      const unknown = classes.find((name) => !styles.has(name) && !hooks.has(name));
      if (unknown !== undefined) fail(source, at, where, `there is no class "${unknown}" in styles.css`);
      return withStyles(tag.replace(CLASS, ''), classes, hooks, styles);
    });
  };
}

function withStyles(tag: string, classes: readonly string[], hooks: ReadonlySet<string>, styles: Styles) {
  const kept = classes.filter((name) => hooks.has(name)).join(' ');
  const [, own = ''] = STYLE.exec(tag) ?? [];
  const style = [...styles]
    .filter(([name]) => classes.includes(name))
    .map(([, declarations]) => declarations);
  const attributes = [
    kept === '' ? '' : ` class="${kept}"`,
    style.length === 0 && own === '' ? '' : ` style="${style.join('')}${own}"`,
  ];
  return tag.replace(STYLE, '').replace(/\s*\/?>$/, (end) => `${attributes.join('')}${end.trim()}`);
}

function parseStyles(css: string): Styles {
  const bare = css.replace(COMMENT, blank);
  const odd = bare.replace(RULE, blank).search(/\S/);
  if (odd >= 0) fail(css, odd, 'templates/styles.css', 'only .name { declarations } without double quotes');
  const rules = [...bare.matchAll(RULE)];
  const styles = new Map(rules.map(([, name = '', text = '']) => [name, declarations(text)]));
  if (styles.size < rules.length) throw new DefinitionError('templates/styles.css: a class has two rules');
  return styles;
}

/** `color: red;\n  margin: 0` as `color:red;margin:0;` */
const declarations = (text: string): string =>
  text
    .split(';')
    .map((declaration) =>
      declaration
        .trim()
        .replace(/\s+/g, ' ')
        .replace(/^([\w-]+): /, '$1:'),
    )
    .filter((declaration) => declaration !== '')
    .map((declaration) => `${declaration};`)
    .join('');

function classesOfStyleElements(page: string): string[] {
  const sheets = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, sheet = '']) => sheet);
  const selectors = sheets.join('\n').replace(/\{\{[^}]*\}\}/g, '');
  return [...selectors.matchAll(/\.([a-z][a-z0-9-]*)/g)].map(([, name = '']) => name);
}

function assertEveryClassIsInATag(source: string, where: string): void {
  const odd = source.replace(TAG, (tag) => tag.replace(CLASS, blank)).search(/\sclass\s*=/);
  if (odd >= 0)
    fail(source, odd + 1, where, 'write class="names" in a tag without < and > in its attributes');
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

function fail(source: string, at: number, where: string, why: string): never {
  throw new DefinitionError(`${where}:${source.slice(0, at).split('\n').length}: ${why}`);
}
