import { createHash } from 'node:crypto';
import type { Channel } from '../domain/channel.js';
import { type Analysis, analyse } from './analyse.js';
import type { Brand } from './brand.js';
import type { Compiled, Engines } from './engines.js';
import { mergeNeeds, type Need } from './need.js';
import { PARTS, type Part, type TemplateFiles } from './template-files.js';

/** One template, analysed and compiled. */
export interface Template {
  readonly name: string;
  /** Of all its parts together. */
  readonly needs: Need;
  readonly needsOf: Readonly<Record<Part, Need>>;
  /** It has all the parts of these. */
  readonly channels: readonly Channel[];
  readonly subjectSource: string;
  readonly contentHash: string;
  readonly run: Readonly<Record<Part, Compiled>>;
}

/**
 * Checks and compiles one template.
 *
 * @throws Error naming file, line and column
 */
export function compileTemplate(engines: Engines, files: TemplateFiles, name: string): Template {
  const parts = files.templates.get(name);
  if (parts === undefined) throw new Error(`there is no template ${name}`);
  const analyses = {
    subject: analysePart(files, name, 'subject', parts.subject),
    html: analysePart(files, name, 'html', parts.html),
    text: analysePart(files, name, 'text', parts.text),
  };
  return {
    name,
    needs: PARTS.email.map((part) => analyses[part].needs).reduce(mergeNeeds),
    needsOf: { subject: analyses.subject.needs, html: analyses.html.needs, text: analyses.text.needs },
    channels: ['email'],
    subjectSource: parts.subject,
    contentHash: hashOf(parts, Object.values(analyses), files),
    run: {
      subject: engines.plain(parts.subject),
      html: engines.html(parts.html),
      text: engines.plain(parts.text),
    },
  };
}

function analysePart(files: TemplateFiles, name: string, part: Part, source: string): Analysis {
  const where = `templates/${name}/${part}.hbs`;
  if (part === 'html') assertSafeHtml(where, source);
  return analyse(source, {
    where,
    partial: (partial) => files.partials.get(partial),
    provides: (path) => provides(files.brand, path),
  });
}

/** `@brand.colours.ink` exists, `@brand.colour` does not. */
function provides(brand: Brand, path: string): boolean {
  let value: unknown = { brand };
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return false;
    value = Object.entries(value).find(([key]) => key === part)?.[1];
  }
  return typeof value === 'string';
}

/** Escaping holds within text and quoted attributes only. */
function assertSafeHtml(where: string, source: string): void {
  if (/=\s*\{\{/.test(source)) throw new Error(`${where}: quote the attribute that holds a variable`);
  if (/<script|\son[a-z]+\s*=/i.test(source)) throw new Error(`${where}: mail programs run no scripts`);
}

function hashOf(
  parts: Readonly<Record<Part, string>>,
  analyses: readonly Analysis[],
  files: TemplateFiles,
): string {
  const used = new Set(analyses.flatMap(({ partials }) => [...partials]));
  const shared = [...used].sort().map((name) => [name, files.partials.get(name)]);
  const content = [parts.subject, parts.html, parts.text, shared, files.brand];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
