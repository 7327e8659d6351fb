import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { consumers } from '../../consumers/all.js';
import { loadContracts } from '../contracts/contract.js';
import { loadRules } from '../rules/rule-book.js';
import { createEngines } from '../templates/engines.js';
import { compileTemplate } from '../templates/template.js';
import { readTemplateFiles } from '../templates/template-files.js';
import { printEventDocs } from './print-event-docs.js';
import { printEvents } from './print-events.js';
import { printTemplates } from './print-templates.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const check = process.argv.includes('--check');

try {
  keepAllCurrent();
} catch (error) {
  // Says file and line itself; where in here it was noticed helps nobody who writes a template.
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function keepAllCurrent(): void {
  const contracts = loadContracts(join(root, 'schemas'));
  const files = readTemplateFiles(join(root, 'templates'));
  const engines = createEngines(files.partials);
  const templates = [...files.templates.keys()].map((name) => compileTemplate(engines, files, name));
  keepCurrent('src/generated/events.ts', printEvents(contracts.all));
  keepCurrent('src/generated/templates.ts', printTemplates(templates));
  // Last: it needs rules that fit, and what they are checked against stands above.
  keepCurrent('docs/events.md', printEventDocs(contracts.all, loadRules(consumers, contracts), templates));
}

function keepCurrent(file: string, content: string): void {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  if (check) {
    console.error(
      `${file} is not what schemas/, consumers/ and templates/ say; run npm run generate and commit the result`,
    );
    process.exitCode = 1;
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  console.log(`wrote ${file}`);
}
