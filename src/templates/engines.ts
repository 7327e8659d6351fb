import Handlebars from 'handlebars';
import { analyse } from './analyse.js';
import { flatten } from './flatten.js';
import { HELPERS } from './helpers.js';

/** A compiled part: context and engine data (`@brand`) in, text out. */
export type Compiled = (context: object, options: { readonly data: object }) => string;

export interface Engines {
  html(source: string): Compiled;
  /** Subjects and text parts: nothing is escaped. */
  plain(source: string): Compiled;
}

/**
 * Two, since Handlebars compiles a partial once, escaping as whoever used it first.
 * @param brand what templates see as `@brand`; without it they are compiled as they stand
 */
export function createEngines(partials: ReadonlyMap<string, string>, brand?: object): Engines {
  return { html: engine(partials, false, brand), plain: engine(partials, true, brand) };
}

function engine(
  partials: ReadonlyMap<string, string>,
  noEscape: boolean,
  brand?: object,
): (source: string) => Compiled {
  const handlebars = Handlebars.create();
  handlebars.registerHelper(HELPERS);
  // preventIndent: a partial's lines stay as they are, wherever it is used.
  const compiled = (source: string) =>
    handlebars.compile<object>(source, { strict: true, noEscape, preventIndent: true });
  // Compiled: Handlebars compiles text anew for every message whose layout has an {{#*inline}} (2.5 ms each).
  const register = (compile: typeof compiled) => {
    for (const [name, source] of partials) handlebars.registerPartial(name, compile(source));
  };
  register(compiled);
  if (brand === undefined) return compiled;

  const constant = (statement: string): string | null => {
    try {
      const sources = {
        where: statement,
        partial: (name: string) => partials.get(name),
        provides: () => true,
      };
      if (analyse(statement, sources).needs.fields.size > 0) return null;
      const text = compiled(statement)({}, { data: { brand } });
      return text.includes('{{') ? null : text;
    } catch {
      // What is wrong with it is told, with its place, when its template is analysed.
      return null;
    }
  };
  const compileFlat = (source: string) => compiled(flatten(source, { partials, brand, noEscape, constant }));
  register(compileFlat);
  return compileFlat;
}
