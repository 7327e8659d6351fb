import type { Channel } from '../domain/channel.js';
import type { Brand } from './brand.js';
import { cleanContext, cleanLines, cleanText } from './clean-text.js';
import { createEngines } from './engines.js';
import { HelperError } from './helpers.js';
import { hasOnlySafeLinks } from './links.js';
import { mayBeNull, type Need } from './need.js';
import { RenderError } from './render-error.js';
import { compileTemplate, type Template } from './template.js';
import { type Part, readTemplateFiles, type Sample } from './template-files.js';

export interface RenderedEmail {
  /** One line. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}
export type TemplateContext = Readonly<Record<string, unknown>>;

export interface Templates {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** As in the logs: auth/otp is `auth_otp`. */
  identifier(name: string): string;
  channels(name: string): readonly Channel[];
  /** Names of the variables, sorted. */
  requiredContext(name: string): readonly string[];
  /** Made-up contexts: `sample` first. */
  samples(name: string): readonly Sample[];
  /** The subject as it is written, variables and all: for lists of templates. Empty if it has none. */
  subjectSource(name: string): string;
  /** Changes whenever anything that shows changes: parts, partials, brand. SHA-256 in hex. */
  contentHash(name: string): string;
  /** An instant of the context may be its RFC 3339 text. @throws RenderError */
  render(name: string, channel: 'email', context: TemplateContext): RenderedEmail;
  /** The same for a text message: its lines, without empty ones. @throws RenderError */
  renderSms(name: string, context: TemplateContext): string;
  /** For the log, from the context without secrets. @throws RenderError */
  renderSubject(name: string, openContext: TemplateContext): string;
}

/**
 * Reads, checks and compiles everything below `root` (brand.json, layouts, partials, `<module>/<name>/<part>.hbs`).
 *
 * @throws Error naming file, line and what is wrong; RenderError for a sample that its template can't render
 */
export function loadTemplates(root: string): Templates {
  const files = readTemplateFiles(root);
  const engines = createEngines(files.partials);
  const templates = new Map(
    [...files.templates.keys()].map((name) => [name, compileTemplate(engines, files, name)]),
  );
  const find = (name: string): Template => {
    const template = templates.get(name);
    if (template === undefined) throw new RenderError(name, 'folder', 'there is no such template');
    return template;
  };
  const renderPart = partRenderer(files.brand);

  const loaded: Templates = {
    names: [...templates.keys()],
    has: (name) => templates.has(name),
    identifier: (name) => find(name).name.replaceAll('/', '_'),
    channels: (name) => find(name).channels,
    requiredContext: (name) => [...find(name).needs.fields.keys()].sort(),
    subjectSource: (name) => find(name).subjectSource,
    contentHash: (name) => find(name).contentHash,
    samples: (name) => files.templates.get(find(name).name)?.samples ?? [],
    render(name, _channel, context) {
      const template = find(name);
      const clean = cleanVariables(context);
      return {
        subject: cleanText(renderPart(template, 'subject', clean)),
        html: renderPart(template, 'html', clean),
        text: renderPart(template, 'text', clean),
      };
    },
    renderSms: (name, context) => cleanLines(renderPart(find(name), 'sms', cleanVariables(context))),
    renderSubject: (name, openContext) =>
      cleanText(renderPart(find(name), 'subject', cleanVariables(openContext))),
  };
  for (const name of loaded.names) warmUp(loaded, name);
  return loaded;
}

/** Handlebars compiles at the first rendering: it shall not be a person who waits for that. */
function warmUp(templates: Templates, name: string): void {
  const channels = templates.channels(name);
  for (const { context } of templates.samples(name)) {
    if (channels.includes('email')) templates.render(name, 'email', context);
    if (channels.includes('sms')) templates.renderSms(name, context);
  }
}

const cleanVariables = (context: TemplateContext): TemplateContext =>
  Object.fromEntries(Object.entries(context).map(([name, value]) => [name, cleanContext(value)]));

function partRenderer(brand: Brand) {
  return (template: Template, part: Part, context: TemplateContext): string => {
    const needs = template.needsOf.get(part);
    const compiled = template.run.get(part);
    if (needs === undefined || compiled === undefined) {
      throw new RenderError(template.name, part, 'the template has no such part');
    }
    const missing = missingVariables(needs, context);
    if (missing.length > 0) throw new RenderError(template.name, part, `lacks ${missing.join(', ')}`);
    const rendered = attempt(template, part, () => compiled(context, { data: { brand } }));
    if (part === 'html' && !hasOnlySafeLinks(rendered)) {
      throw new RenderError(template.name, part, 'a link is no web, mail or telephone address');
    }
    return rendered;
  };
}

/** Asked beforehand: Handlebars' strict mode overlooks what stands in a condition or behind a helper. */
function missingVariables(needs: Need, context: TemplateContext): string[] {
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
