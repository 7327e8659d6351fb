import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadTemplates, type TemplateContext } from '../../../src/templates/templates.js';

/** Part → source. */
export type Parts = Readonly<Record<string, string>>;

/** Brand, layouts and partials of the bakery with the template `auth/probe`, until the test ends. */
export function withProbe(parts: Parts): string {
  const root = mkdtempSync(join(tmpdir(), 'chesanto-templates-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const name of ['brand.json', 'brand', 'styles.css', 'layouts', 'partials', 'auth/otp']) {
    cpSync(join('templates', name), join(root, name), { recursive: true });
  }
  mkdirSync(join(root, 'auth/probe'));
  for (const [part, source] of Object.entries(parts)) {
    writeFileSync(join(root, 'auth/probe', `${part}.hbs`), `${source}\n`);
  }
  return root;
}

/** A template with these parts; the others of an e-mail say x. */
export const probeEmail = (parts: Parts): string =>
  withProbe({ subject: 'x', html: 'x', text: 'x', ...parts });

export const probe = (parts: Parts, context: TemplateContext = {}) =>
  loadTemplates(probeEmail(parts)).render('auth/probe', 'email', context);
