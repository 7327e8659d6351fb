import type Handlebars from 'handlebars';

/** A compiled part: context and engine data (`@brand`) in, text out. */
export type Compiled = (context: object, options: { readonly data: { readonly brand: object } }) => string;

/** Own properties only, as Handlebars has it by default; it would log what it refuses. */
const OWN_PROPERTIES = {
  properties: { whitelist: {}, defaultValue: false },
  methods: { whitelist: {}, defaultValue: false },
};

/**
 * Runs what `handlebars` has compiled, but for what Handlebars does again at each run: it gathers all helpers, and
 * wraps each so that it gets a copy of its options with `lookupProperty`. Only `lookup` asks for that, which no template
 * may use. Run as a partial, a template takes what it is handed (`_setup` in its runtime.js): 75 µs for an order, with
 * that 105, by turns.
 */
export function createRun(
  handlebars: typeof Handlebars,
): (compiled: HandlebarsTemplateDelegate<object>) => Compiled {
  const { helperMissing, blockHelperMissing, ...helpers } = handlebars.helpers;
  const hooks = { helperMissing, blockHelperMissing };
  const { partials, decorators } = handlebars;
  return (compiled) =>
    (context, { data }) => {
      // Written out: an object that is spread and added to is made slowly by V8.
      const options = {
        partial: true,
        helpers,
        hooks,
        partials,
        decorators,
        protoAccessControl: OWN_PROPERTIES,
        data: { brand: data.brand, root: context },
      };
      return compiled(context, options);
    };
}
