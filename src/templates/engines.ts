import Handlebars from 'handlebars';
import { type Compiled, createRun } from './create-run.js';
import { flatten } from './flatten.js';
import { HELPERS } from './helpers.js';

export interface Engines {
  html(source: string): Compiled;
  /** Subjects and text parts: nothing is escaped. */
  plain(source: string): Compiled;
}

/** Spares asking at every variable whether there is a helper of its name. */
const KNOWN_HELPERS = Object.fromEntries(Object.keys(HELPERS).map((name) => [name, true]));

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
  const compiled = (source: string | hbs.AST.Program) =>
    handlebars.compile<object>(source, {
      strict: true,
      noEscape,
      preventIndent: true,
      knownHelpers: KNOWN_HELPERS,
      knownHelpersOnly: true,
    });
  // Compiled: Handlebars compiles text anew for every message whose layout has an {{#*inline}} (2.5 ms each).
  for (const [name, source] of partials) handlebars.registerPartial(name, compiled(source));
  if (brand === undefined) return compiled;
  const isHelper = (name: string): boolean => name in handlebars.helpers;
  const run = createRun(handlebars);
  return (source) => run(compiled(flatten(source, { partials, brand, noEscape, isHelper }) ?? source));
}
