import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CHANNELS, type Channel } from '../domain/channel.js';
import { DefinitionError } from '../domain/definition-error.js';
import { type Brand, type BrandFile, brandSchema, logoPath } from './brand.js';
import { type InlineStyles, styleInliner } from './inline-styles.js';
import { readJson } from './read-json.js';

/** The parts that each channel is made of, one file each. */
export const PARTS = {
  email: ['subject', 'html', 'text'],
  sms: ['sms'],
} as const satisfies Readonly<Record<Channel, readonly string[]>>;
export type Part = (typeof PARTS)[Channel][number];

/** A made-up context to look at a template with. */
export interface Sample {
  /** `sample` is sample.json, `reset` is sample.reset.json. */
  readonly name: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** One template's folder; styles are inlined. */
export interface TemplateSource {
  /** It has all the parts of these. */
  readonly channels: readonly Channel[];
  readonly parts: ReadonlyMap<Part, string>;
  /** As they are in the files. */
  readonly written: ReadonlyMap<Part, string>;
  readonly samples: readonly Sample[];
}

export interface TemplateFiles {
  readonly brand: Brand;
  readonly logo: BrandFile;
  /** `button`, `layouts/base` → source. */
  readonly partials: ReadonlyMap<string, string>;
  /** As they are in the files. */
  readonly writtenPartials: ReadonlyMap<string, string>;
  /** `auth/otp` → its folder. */
  readonly templates: ReadonlyMap<string, TemplateSource>;
}

const sampleSchema = z.record(z.string(), z.unknown());
const SHARED = ['brand', 'layouts', 'partials'];

/** @throws Error naming what is missing, or the file and line of a class without styles */
export function readTemplateFiles(root: string): TemplateFiles {
  const brand = readJson(join(root, 'brand.json'), 'templates/brand.json', brandSchema);
  const shared = [...sources(root, 'partials'), ...sources(root, 'layouts')];
  const pages = shared.map(([, source]) => source);
  const inline = styleInliner(readSource(join(root, 'styles.css')), pages);
  const modules = folders(root).filter((name) => !SHARED.includes(name));
  const names = modules.flatMap((module) => folders(join(root, module)).map((name) => `${module}/${name}`));
  return {
    brand,
    logo: {
      path: logoPath(brand),
      contentType: 'image/png',
      bytes: readFileSync(join(root, 'brand', brand.logo.file)),
    },
    partials: new Map(
      shared.map(([file, source]) => [partialName(file), inline(source, `templates/${file}.hbs`)]),
    ),
    writtenPartials: new Map(shared.map(([file, source]) => [partialName(file), source])),
    templates: new Map(names.map((name) => [name, readTemplate(root, name, inline)])),
  };
}

const partialName = (file: string): string => file.replace(/^partials\//, '');

function readTemplate(root: string, name: string, inline: InlineStyles): TemplateSource {
  const fileOf = (part: Part): string => join(root, name, `${part}.hbs`);
  const channels = CHANNELS.filter((channel) => hasPartsOf(channel, name, fileOf));
  if (channels.length === 0)
    throw new DefinitionError(`${name} lacks ${fileOf('subject')}, or ${fileOf('sms')}`);
  const names = channels.flatMap((channel): readonly Part[] => PARTS[channel]);
  const written = new Map(names.map((part) => [part, readSource(fileOf(part))]));
  const parts = new Map(written);
  const html = written.get('html');
  if (html !== undefined) parts.set('html', inline(html, `templates/${name}/html.hbs`));
  return { channels, parts, written, samples: readSamples(root, name) };
}

/** @throws Error if only some of them are there */
function hasPartsOf(channel: Channel, name: string, fileOf: (part: Part) => string): boolean {
  const parts: readonly Part[] = PARTS[channel];
  const missing = parts.map(fileOf).filter((file) => !existsSync(file));
  if (missing.length === 0 || missing.length === parts.length) return missing.length === 0;
  throw new DefinitionError(
    `${name} lacks ${missing.join(', ')}: a message by ${channel} has ${parts.join(', ')}`,
  );
}

/** sample.json first. */
function readSamples(root: string, name: string): Sample[] {
  const files = readdirSync(join(root, name)).filter((file) => /^sample(?:\.[\w-]+)?\.json$/.test(file));
  const samples = files.map((file): Sample => {
    const context = readJson(join(root, name, file), `templates/${name}/${file}`, sampleSchema);
    return { name: file.split('.').at(-2) ?? file, context };
  });
  const rank = ({ name }: Sample): string => (name === 'sample' ? '' : name);
  return samples.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function folders(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** `layouts/base` → source. */
function sources(root: string, folder: string): Map<string, string> {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.hbs'));
  return new Map(
    files.sort().map((file) => [`${folder}/${basename(file, '.hbs')}`, readSource(join(root, folder, file))]),
  );
}

/** The newline that ends the file is not part of the message. */
const readSource = (file: string): string => readFileSync(file, 'utf8').replace(/\n$/, '');
