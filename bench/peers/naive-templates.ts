import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import { brandData } from '../../src/templates/brand.js';
import { createEngines } from '../../src/templates/engines.js';
import { readTemplateFiles } from '../../src/templates/template-files.js';

/**
 * The very templates of the service, with their helpers, compiled once at the start: the e-mails shall be the same.
 * It even spares the naive consumer a trap: partials registered as text are compiled again for every message.
 */
export function loadNaiveTemplate(name: string) {
  const files = readTemplateFiles(join(projectRoot(), 'templates'));
  const engines = createEngines(files.partials);
  const parts = files.templates.get(name)?.parts;
  if (parts === undefined) throw new Error(`there is no template ${name}`);
  const data = { brand: brandData(files.brand, 'http://localhost:8080') };
  const subject = engines.plain(parts.get('subject') ?? '');
  const html = engines.html(parts.get('html') ?? '');
  const text = engines.plain(parts.get('text') ?? '');
  return (context: object) => ({
    subject: subject(context, { data }),
    html: html(context, { data }),
    text: text(context, { data }),
  });
}
