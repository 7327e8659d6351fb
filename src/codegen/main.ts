import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadContracts } from '../contracts/contract.js';
import { createEngines } from '../templates/engines.js';
import { compileTemplate } from '../templates/template.js';
import { readTemplateFiles } from '../templates/template-files.js';
import { printEvents } from './print-events.js';
import { printTemplates } from './print-templates.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const check = process.argv.includes('--check');

const files = readTemplateFiles(join(root, 'templates'));
const engines = createEngines(files.partials);
const templates = [...files.templates.keys()].map((name) => compileTemplate(engines, files, name));
const generated = {
  'src/generated/events.ts': printEvents(loadContracts(join(root, 'schemas')).all),
  'src/generated/templates.ts': printTemplates(templates),
};

for (const [file, content] of Object.entries(generated)) {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
  if (check) {
    console.error(
      `${file} is not what schemas/ and templates/ say; run npm run generate and commit the result`,
    );
    process.exitCode = 1;
    continue;
  }
  mkdirSync(join(root, 'src/generated'), { recursive: true });
  writeFileSync(path, content);
  console.log(`wrote ${file}`);
}
