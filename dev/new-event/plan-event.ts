import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadContracts } from '../../src/contracts/contract.js';
import type { Channel } from '../../src/domain/channel.js';
import { allConsumersFile, consumerFile } from './consumer-file.js';
import { eventFile } from './event-file.js';
import { namesOf, problemsOfNames } from './event-names.js';
import { schemaFile } from './schema-file.js';
import { templateFiles } from './template-files.js';

/** A file to be written; null: it is new. */
export interface PlannedFile {
  readonly path: string;
  readonly before: string | null;
  readonly content: string;
}

export type Plan =
  | { readonly ok: true; readonly files: readonly PlannedFile[] }
  /** Each says what is in the way and what to do. */
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Everything that adding an event takes, if nothing is in the way.
 * @param via how people hear of it
 */
export function planEvent(root: string, module: string, event: string, via: readonly Channel[]): Plan {
  const wrongNames = problemsOfNames(module, event);
  if (wrongNames.length > 0) return { ok: false, problems: wrongNames };
  const names = namesOf(module, event);
  const before = (path: string) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;

  const known = loadContracts(join(root, 'schemas')).find(event);
  if (known !== undefined) {
    const problem = `${event} exists: schemas/${known.module}/${event}.avsc. Give the new one another name.`;
    return { ok: false, problems: [problem] };
  }
  const rules = `consumers/${module}.ts`;
  const all = 'consumers/all.ts';
  const isNewModule = before(rules) === null;
  const edited: readonly (readonly [string, string | null])[] = [
    [rules, consumerFile(names, via, before(rules))],
    ...(isNewModule ? [[all, allConsumersFile(names, before(all) ?? '')] as const] : []),
  ];
  const created = Object.entries({
    [`schemas/${module}/${event}.avsc`]: schemaFile(names),
    ...inFolder(`templates/${names.template}`, templateFiles(names, via)),
    [`dev/events/${event}.json`]: eventFile(names, via),
  });

  const problems = [
    ...created
      .filter(([path]) => before(path) !== null)
      .map(
        ([path]) => `${path} exists, and nothing is overwritten. Move it away, or name the event otherwise.`,
      ),
    ...edited
      .filter(([, content]) => content === null)
      .map(([path]) => `${path} is not written as the others are, so nobody but you can add to it.`),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const files = [...created, ...edited].map(([path, content]) => ({
    path,
    before: before(path),
    content: content ?? '',
  }));
  return { ok: true, files };
}

const inFolder = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
