import { HelperError } from './helpers.js';
import { hasOnlySafeLinks } from './links.js';
import { mayBeNull, type Need } from './need.js';
import { RenderError } from './render-error.js';
import type { Template } from './template.js';
import type { Part } from './template-files.js';

type Context = Readonly<Record<string, unknown>>;
export type RenderPart = (template: Template, part: Part, context: Context) => string;

/** @param data what templates see as `@brand` */
export function partRenderer(data: { readonly brand: object }): RenderPart {
  return (template, part, context) => {
    const needs = template.needsOf.get(part);
    const compiled = template.run.get(part);
    if (needs === undefined || compiled === undefined) {
      throw new RenderError(template.name, part, 'the template has no such part');
    }
    const missing = missingVariables(needs, context);
    if (missing.length > 0) throw new RenderError(template.name, part, `lacks ${missing.join(', ')}`);
    const rendered = attempt(template, part, () => compiled(context, { data }));
    if (part === 'html' && !template.linksAreFixed && !hasOnlySafeLinks(rendered)) {
      throw new RenderError(template.name, part, 'a link is no web, mail or telephone address');
    }
    return rendered;
  };
}

/** Asked beforehand: Handlebars' strict mode overlooks what stands in a condition or behind a helper. */
function missingVariables(needs: Need, context: Context): string[] {
  const lacking = [...needs.fields].filter(([name, need]) => {
    const value = context[name];
    return value === undefined || (value === null && !mayBeNull(need));
  });
  return lacking.map(([name]) => name).sort();
}

function attempt(template: Template, part: Part, run: () => string): string {
  try {
    return run();
  } catch (error) {
    throw new RenderError(template.name, part, whyNot(error));
  }
}

/** Handlebars names the variable that strict mode misses; anything else might quote a value. */
function whyNot(error: unknown): string {
  if (error instanceof HelperError) return error.message;
  const [, variable] = error instanceof Error ? (/^"([\w.]+)" not defined in/.exec(error.message) ?? []) : [];
  if (variable !== undefined) return `lacks ${variable}`;
  return `failed with ${error instanceof Error ? error.constructor.name : typeof error}`;
}
