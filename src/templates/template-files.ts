import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Channel } from '../domain/channel.js';
import { type Brand, brandSchema } from './brand.js';

/** The parts that a channel is made of, one file each. */
export const PARTS = { email: ['subject', 'html', 'text'] } as const satisfies Partial<
  Record<Channel, readonly string[]>
>;
export type Part = (typeof PARTS)['email'][number];

export interface TemplateFiles {
  readonly brand: Brand;
  /** `button`, `layouts/base` → source. */
  readonly partials: ReadonlyMap<string, string>;
  /** `auth/otp` → its parts' sources. */
  readonly templates: ReadonlyMap<string, Readonly<Record<Part, string>>>;
  /** Made-up contexts, where a template has one beside it. */
  readonly samples: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
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
  const templates = new Map(names.map((name) => [name, readParts(root, name)]));
  return { brand, partials, templates, samples: readSamples(root, names) };
}

function readParts(root: string, name: string): Readonly<Record<Part, string>> {
  const read = (part: Part): string => {
    const file = join(root, name, `${part}.hbs`);
    if (!existsSync(file)) throw new Error(`${name} lacks ${file}: an e-mail has subject, html and text`);
    // The newline that ends the file is not part of the message.
    return readFileSync(file, 'utf8').replace(/\n$/, '');
  };
  return { subject: read('subject'), html: read('html'), text: read('text') };
}

function readSamples(root: string, names: readonly string[]): TemplateFiles['samples'] {
  const withSample = names.filter((name) => existsSync(join(root, name, 'sample.json')));
  const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name, 'sample.json'), 'utf8'));
  return new Map(withSample.map((name) => [name, sampleSchema.parse(read(name))]));
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
    .map((file) => [basename(file, '.hbs'), readFileSync(join(path, file), 'utf8').replace(/\n$/, '')]);
}
