import type { Channel } from '../domain/channel.js';
import { DefinitionError } from '../domain/definition-error.js';
import { type BrandFile, brandData } from './brand.js';
import { cleanContext, cleanLines, cleanText } from './clean-text.js';
import { createEngines } from './engines.js';
import type { Need } from './need.js';
import { partRenderer } from './part-renderer.js';
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

export interface TemplateOptions {
  /** Where the outside reaches the service, which serves the logo; without it on this machine. */
  readonly publicBaseUrl?: string;
}

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
  /** What messages point to, to be served by HTTP. */
  readonly brandFiles: readonly BrandFile[];
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
 * @throws Error naming file, line and what is wrong, also of a sample that its template can't render
 */
export function loadTemplates(root: string, options: TemplateOptions = {}): Templates {
  const files = readTemplateFiles(root);
  const brand = brandData(files.brand, options.publicBaseUrl ?? 'http://localhost:8080');
  const engines = createEngines(files.partials, brand);
  const templates = new Map(
    [...files.templates.keys()].map((name) => [name, compileTemplate(engines, files, name)]),
  );
  const find = (name: string): Template => {
    const template = templates.get(name);
    if (template === undefined) throw new RenderError(name, 'folder', 'there is no such template');
    return template;
  };
  const renderPart = partRenderer({ brand });
  const renderOne = (name: string, part: Part, context: TemplateContext): string => {
    const template = find(name);
    const needs = template.needsOf.get(part) ?? template.needs;
    return renderPart(template, part, cleanVariables(context, needs));
  };

  const loaded: Templates = {
    names: [...templates.keys()],
    has: (name) => templates.has(name),
    identifier: (name) => find(name).name.replaceAll('/', '_'),
    channels: (name) => find(name).channels,
    requiredContext: (name) => [...find(name).needs.fields.keys()].sort(),
    subjectSource: (name) => find(name).subjectSource,
    contentHash: (name) => find(name).contentHash,
    brandFiles: [files.logo],
    samples: (name) => files.templates.get(find(name).name)?.samples ?? [],
    render(name, _channel, context) {
      const template = find(name);
      const clean = cleanVariables(context, template.needs);
      return {
        subject: cleanText(renderPart(template, 'subject', clean)),
        html: renderPart(template, 'html', clean),
        text: renderPart(template, 'text', clean),
      };
    },
    renderSms: (name, context) => cleanLines(renderOne(name, 'sms', context)),
    renderSubject: (name, openContext) => cleanText(renderOne(name, 'subject', openContext)),
  };
  for (const name of loaded.names) warmUp(loaded, name);
  return loaded;
}

/** Handlebars compiles at the first rendering: it shall not be a person who waits for that. */
function warmUp(templates: Templates, name: string): void {
  const channels = templates.channels(name);
  for (const { name: sample, context } of templates.samples(name)) {
    try {
      if (channels.includes('email')) templates.render(name, 'email', context);
      if (channels.includes('sms')) templates.renderSms(name, context);
    } catch (error) {
      const file = sample === 'sample' ? 'sample.json' : `sample.${sample}.json`;
      const why = error instanceof Error ? error.message : String(error);
      throw new DefinitionError(`templates/${name}/${file}: ${why}`, { cause: error });
    }
  }
}

/** Those that are needed: the rest would be cleaned for nothing. */
function cleanVariables(context: TemplateContext, { fields }: Need): TemplateContext {
  const clean: Record<string, unknown> = {};
  for (const name of fields.keys()) {
    if (Object.hasOwn(context, name)) clean[name] = cleanContext(context[name]);
  }
  return clean;
}
