import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';

export type RunName = 'steady' | 'queue' | 'outage';

export interface Section {
  readonly run: RunName;
  readonly title: string;
  /** As it was typed. */
  readonly command: string;
  readonly machine: string;
  readonly at: Date;
  readonly text: string;
}

const PAGE = join('docs', 'endurance.md');
const begin = (run: RunName) => `<!-- ${run}: written by npm run soak -->`;
const end = (run: RunName) => `<!-- ${run}: end -->`;

/** Puts what a run found into its place of docs/endurance.md; the rest stays. */
export function writeSection(section: Section): string {
  const file = join(projectRoot(), PAGE);
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(file, withSection(page, section));
  return PAGE;
}

/** @throws Error if the page has no place for it */
export function withSection(page: string, { run, title, command, machine, at, text }: Section): string {
  const from = page.indexOf(begin(run));
  const to = page.indexOf(end(run));
  if (from < 0 || to < from) {
    throw new Error(
      `${PAGE} has no place for "${run}": it begins with ${begin(run)} and ends with ${end(run)}`,
    );
  }
  const when = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const body = `## ${title}\n\n\`${command}\`, ${when}, ${machine}.\n\n${text.trim()}\n`;
  return `${page.slice(0, from)}${begin(run)}\n${body}${page.slice(to)}`;
}
