import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../src/project-root.js';
import { ROLES } from '../../../src/rules/words.js';
import { HELPER_SIGNATURES } from '../../../src/templates/helper-signatures.js';

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
const page = read('docs/adding-an-event.md');
const words = read('src/rules/words.ts');
const package_: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(read('package.json'));

/** First cells of the table that has this head. */
function rowsOf(head: string): readonly string[] {
  const [, table = ''] = new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, 'm').exec(page) ?? [];
  return table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, cell]) => cell ?? ''));
}

describe('how to add an event', () => {
  it('has every word of a rule, and no other', () => {
    const [, rule = ''] = /export interface Rule<[^{]*\{\n([\s\S]*?)\n\}/.exec(words) ?? [];
    const expected = [...rule.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, word]) => word);
    expect(expected.length).toBeGreaterThan(10);
    expect(rowsOf('word').toSorted()).toEqual(expected.toSorted());
  });

  it('has every category and role', () => {
    const [, line = ''] = /export type Category = (.*);/.exec(words) ?? [];
    const categories = [...line.matchAll(/'(\w+)'/g)].map(([, category]) => category);
    expect(categories.length).toBeGreaterThan(5);
    for (const word of [...categories, ...ROLES]) expect(page).toMatch(new RegExp(`\\b${word}\\b`));
  });

  it('has every helper and partial, and no other', () => {
    expect(rowsOf('helper').toSorted()).toEqual(Object.keys(HELPER_SIGNATURES).toSorted());
    const partials = ['layouts', 'partials'].flatMap((folder) =>
      readdirSync(join(projectRoot(), 'templates', folder)).map((file) =>
        `${folder}/${file}`.replace('partials/', '').replace('.hbs', ''),
      ),
    );
    expect(rowsOf('partial').toSorted()).toEqual(partials.toSorted());
  });

  it('names commands and places that are there', () => {
    const scripts = [...page.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name]) => name ?? '');
    expect(scripts).toContain('new-event');
    for (const name of scripts) expect(package_.scripts).toHaveProperty([name]);
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(
      ([, title = '']) =>
        `#${title
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-')}`,
    );
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect([
        link,
        link.startsWith('#') ? anchors.includes(link) : existsSync(join(projectRoot(), 'docs', link)),
      ]).toEqual([link, true]);
    }
  });
});
