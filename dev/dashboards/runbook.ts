import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';

export const OPERATING = 'docs/operating.md';

export interface AlertSection {
  /** Of its heading, which is the name of the alert. */
  readonly alert: string;
  readonly text: string;
}

/** What docs/operating.md says under "When an alert fires", by alert. */
export function alertSections(file = join(projectRoot(), OPERATING)): readonly AlertSection[] {
  const chapter = /^## When an alert fires\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(
    readFileSync(file, 'utf8'),
  )?.[1];
  return (chapter ?? '')
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n');
      return { alert: section.slice(0, end).trim(), text: section.slice(end + 1).trim() };
    });
}

/** For a page that is not the file: links within it become plain words. */
export const withoutLinks = (markdown: string): string =>
  markdown.replace(/\[([^\]]+)\]\(#[^)]+\)/g, '**$1**');

/** As GitHub makes it of a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
