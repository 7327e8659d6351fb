import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrandFile } from '../../src/templates/brand.js';
import { loadTemplates } from '../../src/templates/templates.js';
import { filesOf } from './rendered-files.js';
import { renderAll } from './rendering.js';

const BASE_URL = 'https://communications.example.com';

/**
 * Writes `<out>/<module>/<name>/<sample>/<file>`; images stand in the pages themselves, which need no server then.
 *
 * @returns how many files
 * @throws Error naming what is wrong with which template
 */
export function writeRenderings(root: string, out: string): number {
  const templates = loadTemplates(root, { publicBaseUrl: BASE_URL });
  let written = 0;
  for (const rendering of renderAll(templates)) {
    const folder = join(out, rendering.template, rendering.sample);
    mkdirSync(folder, { recursive: true });
    for (const { name, content } of filesOf(rendering)) {
      writeFileSync(join(folder, name), withImages(content, templates.brandFiles));
      written++;
    }
  }
  return written;
}

const withImages = (content: string, files: readonly BrandFile[]): string =>
  files.reduce(
    (text, { path, contentType, bytes }) =>
      text.replaceAll(`${BASE_URL}${path}`, `data:${contentType};base64,${bytes.toString('base64')}`),
    content,
  );
