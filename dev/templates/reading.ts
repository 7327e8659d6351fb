import type { BrandFile } from '../../src/templates/brand.js';
import { loadTemplates } from '../../src/templates/templates.js';
import { type Problem, problemOf } from './problem.js';
import { type Rendering, renderAll } from './rendering.js';

/** What the template files gave when they were last read. */
export interface Reading {
  /** Different for every reading, also of another run: a page knows by it that it is old. */
  readonly version: string;
  /** If there is a problem, those of the last time there was none. */
  readonly renderings: readonly Rendering[];
  readonly brandFiles: readonly BrandFile[];
  readonly problem: Problem | null;
}

export const NOTHING_READ: Reading = { version: '', renderings: [], brandFiles: [], problem: null };

/** Never throws: what can't be used is a problem to show. */
export function readTemplates(root: string, publicBaseUrl: string, before: Reading): Reading {
  const version = crypto.randomUUID();
  try {
    const templates = loadTemplates(root, { publicBaseUrl });
    return { version, renderings: renderAll(templates), brandFiles: templates.brandFiles, problem: null };
  } catch (error) {
    return { ...before, version, problem: problemOf(error, root) };
  }
}
