import { createHash } from 'node:crypto';
import type { Channel } from '../domain/channel.js';
import { DefinitionError } from '../domain/definition-error.js';
import { type Analysis, analyse } from './analyse.js';
import { assertBalanced } from './assert-balanced.js';
import { type Brand, brandData } from './brand.js';
import type { Compiled } from './create-run.js';
import type { Engines } from './engines.js';
import { hasFixedSafeLinks } from './links.js';
import { mergeNeeds, type Need } from './need.js';
import { partialFile } from './partial-file.js';
import type { Part, TemplateFiles } from './template-files.js';

/** One template, analysed and compiled. */
export interface Template {
  readonly name: string;
  /** Of all its parts together. */
  readonly needs: Need;
  readonly needsOf: ReadonlyMap<Part, Need>;
  /** It has all the parts of these. */
  readonly channels: readonly Channel[];
  /** Empty if it has none. */
  readonly subjectSource: string;
  readonly contentHash: string;
  readonly run: ReadonlyMap<Part, Compiled>;
  /** And safe: what is rendered need not be searched for others. */
  readonly linksAreFixed: boolean;
}

/**
 * Checks and compiles one template.
 *
 * @throws Error naming file, line and column
 */
export function compileTemplate(engines: Engines, files: TemplateFiles, name: string): Template {
  const source = files.templates.get(name);
  if (source === undefined) throw new DefinitionError(`there is no template ${name}`);
  const { channels, parts, written } = source;
  const analyses = mapValues(parts, (text, part) =>
    analysePart(files, name, part, text, written.get(part) ?? text),
  );
  const compile = (text: string, part: Part): Compiled =>
    part === 'html' ? engines.html(text) : engines.plain(text);
  return {
    name,
    needs: [...analyses.values()].map(({ needs }) => needs).reduce(mergeNeeds),
    needsOf: mapValues(analyses, ({ needs }) => needs),
    channels,
    subjectSource: parts.get('subject') ?? '',
    contentHash: hashOf(parts, [...analyses.values()], files),
    run: mapValues(parts, compile),
    linksAreFixed: linksAreFixed(files, parts.get('html') ?? '', analyses.get('html')),
  };
}

function mapValues<From, To>(
  map: ReadonlyMap<Part, From>,
  to: (value: From, part: Part) => To,
): Map<Part, To> {
  return new Map([...map].map(([part, value]) => [part, to(value, part)]));
}

function analysePart(
  files: TemplateFiles,
  name: string,
  part: Part,
  source: string,
  written: string,
): Analysis {
  const where = `templates/${name}/${part}.hbs`;
  const sources = {
    where,
    provides: (path: string) => provides(files.brand, path),
    glanced: part === 'subject',
  };
  // First as it is written, for the columns of complaints: inlined styles shift them.
  analyse(written, { ...sources, partial: (partial) => files.writtenPartials.get(partial) });
  const analysis = analyse(source, { ...sources, partial: (partial) => files.partials.get(partial) });
  if (part !== 'html') return analysis;
  assertSafeHtml(where, source);
  assertBalanced(written, where);
  for (const name of analysis.partials) {
    assertSafeHtml(partialFile(name), files.partials.get(name) ?? '');
    assertBalanced(files.writtenPartials.get(name) ?? '', partialFile(name));
  }
  return analysis;
}

function linksAreFixed(files: TemplateFiles, html: string, analysis: Analysis | undefined): boolean {
  const brand = brandData(files.brand, 'https://any.example');
  const partials = [...(analysis?.partials ?? [])].map((partial) => files.partials.get(partial) ?? '');
  return [html, ...partials].every((source) =>
    hasFixedSafeLinks(source.replaceAll(BRAND_TAG, (_, path: string) => String(valueAt({ brand }, path)))),
  );
}

const BRAND_TAG = /\{\{@([\w.]+)\}\}/g;

/** `@brand.colours.ink` exists, `@brand.colour` does not. */
function provides(brand: Brand, path: string): boolean {
  return ['string', 'number'].includes(typeof valueAt({ brand: brandData(brand, '') }, path));
}

function valueAt(data: object, path: string): unknown {
  let value: unknown = data;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === part)?.[1];
  }
  return value;
}

/** Escaping holds within text and quoted attributes only. */
function assertSafeHtml(where: string, source: string): void {
  if (/<[a-z][^<>]*\s[a-z-]+\s*=\s*\{\{/i.test(source))
    throw new DefinitionError(`${where}: quote the attribute that holds a variable`);
  if (/<script|\son[a-z]+\s*=/i.test(source))
    throw new DefinitionError(`${where}: mail programs run no scripts`);
}

function hashOf(
  parts: ReadonlyMap<Part, string>,
  analyses: readonly Analysis[],
  files: TemplateFiles,
): string {
  const used = new Set(analyses.flatMap(({ partials }) => [...partials]));
  const shared = [...used].sort().map((name) => [name, files.partials.get(name)]);
  const content = [[...parts], shared, files.brand, files.logo.bytes.toString('base64')];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
