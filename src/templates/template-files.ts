import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CHANNELS, type Channel } from '../domain/channel.js';
import { type Brand, brandSchema } from './brand.js';

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

/** One template's folder. */
export interface TemplateSource {
  /** It has all the parts of these. */
  readonly channels: readonly Channel[];
  readonly parts: ReadonlyMap<Part, string>;
  readonly samples: readonly Sample[];
}

export interface TemplateFiles {
  readonly brand: Brand;
  /** `button`, `layouts/base` → source. */
  readonly partials: ReadonlyMap<string, string>;
  /** `auth/otp` → its folder. */
  readonly templates: ReadonlyMap<string, TemplateSource>;
}

const sampleSchema = z.record(z.string(), z.unknown());
const SHARED = ['layouts', 'partials'];

/** @throws Error naming what is missing */
export function readTemplateFiles(root: string): TemplateFiles {
  const brandFile = join(root, 'brand.json');
  const brand = brandSchema.parse(JSON.parse(readFileSync(brandFile, 'utf8')));
  const partials = new Map([
    ...sources(join(root, 'partials')),
    ...sources(join(root, 'layouts')).map(([name, source]): [string, string] => [`layouts/${name}`, source]),
  ]);
  const modules = folders(root).filter((name) => !SHARED.includes(name));
  const names = modules.flatMap((module) => folders(join(root, module)).map((name) => `${module}/${name}`));
  return { brand, partials, templates: new Map(names.map((name) => [name, readTemplate(root, name)])) };
}

function readTemplate(root: string, name: string): TemplateSource {
  const fileOf = (part: Part): string => join(root, name, `${part}.hbs`);
  const channels = CHANNELS.filter((channel) => hasPartsOf(channel, name, fileOf));
  if (channels.length === 0) throw new Error(`${name} lacks ${fileOf('subject')}, or ${fileOf('sms')}`);
  const parts = channels.flatMap((channel): readonly Part[] => PARTS[channel]);
  return {
    channels,
    parts: new Map(parts.map((part) => [part, readSource(fileOf(part))])),
    samples: readSamples(join(root, name)),
  };
}

/** @throws Error if only some of them are there */
function hasPartsOf(channel: Channel, name: string, fileOf: (part: Part) => string): boolean {
  const parts: readonly Part[] = PARTS[channel];
  const missing = parts.map(fileOf).filter((file) => !existsSync(file));
  if (missing.length === 0 || missing.length === parts.length) return missing.length === 0;
  throw new Error(`${name} lacks ${missing.join(', ')}: a message by ${channel} has ${parts.join(', ')}`);
}

/** sample.json first. */
function readSamples(folder: string): Sample[] {
  const files = readdirSync(folder).filter((file) => /^sample(?:\.[\w-]+)?\.json$/.test(file));
  const samples = files.map((file): Sample => {
    const json: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return { name: file.split('.').at(-2) ?? file, context: sampleSchema.parse(json) };
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

function sources(path: string): [string, string][] {
  return readdirSync(path)
    .filter((file) => file.endsWith('.hbs'))
    .sort()
    .map((file) => [basename(file, '.hbs'), readSource(join(path, file))]);
}

/** The newline that ends the file is not part of the message. */
const readSource = (file: string): string => readFileSync(file, 'utf8').replace(/\n$/, '');
