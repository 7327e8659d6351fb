import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../src/channels/sms/segments.js';
import { projectRoot } from '../../../src/project-root.js';
import { CATEGORIES, ROLES } from '../../../src/rules/words.js';
import { HELPER_SIGNATURES } from '../../../src/templates/helper-signatures.js';
import { loadTemplates } from '../../../src/templates/templates.js';

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
const page = read('docs/adding-an-event.md');
const words = read('src/rules/words.ts');
const package_: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(read('package.json'));

/** The rows of the table that has this head. */
const tableOf = (head: string): readonly string[] => {
  const [, table = ''] = new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, 'm').exec(page) ?? [];
  return table.split('\n');
};

/** Their first cells. */
const rowsOf = (head: string): readonly string[] =>
  tableOf(head).flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, cell]) => cell ?? ''),
  );

describe('how to add an event', () => {
  it('has every word of a rule, and no other', () => {
    const [, rule = ''] = /export interface Rule<[^{]*\{\n([\s\S]*?)\n\}/.exec(words) ?? [];
    const expected = [...rule.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, word]) => word);
    expect(expected.length).toBeGreaterThan(10);
    expect(rowsOf('word').toSorted()).toEqual(expected.toSorted());
  });

  it('has every category and role', () => {
    for (const word of [...CATEGORIES, ...ROLES]) expect(page).toMatch(new RegExp(`\\b${word}\\b`));
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

  it('has every block, and no other', () => {
    const [, names = ''] = /BLOCKS = \[(.*)\]/.exec(read('src/templates/analyse.ts')) ?? [];
    const blocks = [...names.matchAll(/'(\w+)'/g)].map(([, name]) => `#${name}`);
    expect(blocks.length).toBeGreaterThan(2);
    expect(rowsOf('block').toSorted()).toEqual(['else', 'else if', 'includeZero=true', ...blocks].toSorted());
  });

  it('formats what was written before it is checked', () => {
    const [, commands = ''] = /^### 5\..*\n+```sh\n([^`]*)/m.exec(page) ?? [];
    expect(commands).toMatch(/^npx biome check --write \. /);
    expect(commands).toContain('npm run check');
  });

  it('keeps the variables of the stack in a file that git ignores, beside .env', () => {
    const [, file = ''] = /npm run --silent stack > (\S+)/.exec(page) ?? [];
    expect(file).not.toBe('.env');
    expect(read('.gitignore').split('\n')).toContain(file);
    expect(page).toContain(`set -a; . ./${file}; set +a`);
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

describe('its words of a template', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'chesanto-page-'));
    cpSync(join(projectRoot(), 'templates'), folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function rendered(name: string, text: string, context: Readonly<Record<string, unknown>>): string {
    const template = join(folder, 'page', name);
    mkdirSync(template, { recursive: true });
    writeFileSync(join(template, 'sms.hbs'), text);
    writeFileSync(join(template, 'sample.json'), JSON.stringify(context));
    const templates = loadTemplates(folder);
    const [sample] = templates.samples(`page/${name}`);
    return templates.renderSms(`page/${name}`, sample?.context ?? {});
  }

  it('has an example of a text message that is as the tests want it', () => {
    const [, sms = ''] = /`sms\.hbs`:\n+```hbs\n(.*\n)```/.exec(page) ?? [];
    const text = rendered('text', sms, {
      order_number: 'ORD-2025-0118',
      cancelled_at: '2025-10-01T05:10:00Z',
    });
    expect(text).toMatch(/^Chesanto Bakery: your order ORD-2025-0118 was cancelled at 08:10, /);
    expect(segmentsOf(text)).toMatchObject({ encoding: 'GSM-7', pieces: [text] });
  });

  it('has examples of blocks that say what they show', () => {
    const examples = tableOf('block').map((row) => /^\| [^|]* \| `([^|`]*)` \|/.exec(row)?.[1] ?? '');
    const shown = (starts: string, context: Readonly<Record<string, unknown>>) =>
      rendered('block', examples.find((one) => one.startsWith(`{{#${starts}}}`)) ?? '', context).trim();
    expect(shown('if reason', { reason: null })).toBe('');
    expect(shown('if reason', { reason: 'Rain.' })).toBe('Rain.');
    expect(shown('if days_remaining includeZero=true', { days_remaining: 0 })).toBe('0 days');
    expect(shown('if days_remaining includeZero=true', { days_remaining: null })).toBe('');
    expect(['OUT', 'LOW', 'FULL'].map((level) => shown('if (eq level "OUT")', { level }))).toEqual([
      'none',
      'few',
      'enough',
    ]);
    expect(shown('unless notes', { notes: '' })).toBe('No notes.');
    expect(shown('each lines', { lines: [{ product: 'Bread' }, { product: 'KDF' }] })).toBe('Bread KDF');
    expect(shown('with customer', { customer: { name: 'Mary' } })).toBe('Mary');
  });
});
