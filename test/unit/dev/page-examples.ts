import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../src/project-root.js';

/** A consumer file in which every example of docs/adding-an-event.md stands in a rule, so that tsc can judge them. */
export function consumerOfPageExamples(): string {
  const page = readFileSync(join(projectRoot(), 'docs/adding-an-event.md'), 'utf8');
  const [, table = ''] = /^\| word \|.*\n.*\n((?:\|.*\n)+)/m.exec(page) ?? [];
  const examples = [...table.matchAll(/^\| [^|]*\| `([^|]+)` \|/gm)].map(([, example]) => example ?? '');
  // Its template's variables are many: it shows the form alone.
  const entries = examples.filter((example) => !example.startsWith('context:')).map(entryWith);
  if (entries.length < 15) throw new Error(`the page has ${entries.length} examples of words`);
  return `import { consumer, direct, on, role } from '../src/rules/words.js';
import { businessDateOf, endOf } from '../src/rules/times.js';

export const sales = consumer('sales', [
${entries.filter((entry) => entry.includes("on('order")).join('\n')}
]);
export const inventory = consumer('inventory', [
${entries.filter((entry) => entry.includes("on('stock")).join('\n')}
]);
`;
}

const entryWith = (example: string): string =>
  /e\.(item_id|alert_level)|PRODUCT_MANAGER/.test(example)
    ? `  on('stock.low', { ${STOCK}, ${example}, context: ${STOCK_CONTEXT} }),`
    : `  on('order.created', { ${ORDER}, ${example}, context: ${ORDER_CONTEXT} }),`;

/** What a rule must have; what is said twice counts the second time. */
const spread = (words: string): string => `...{ ${words} } as const`;
const ORDER = spread(
  `rule: 'x', category: 'orders', to: role('ADMIN'), template: 'sales/order_confirmation', via: ['email'], priority: 'low'`,
);
const STOCK = spread(
  `rule: 'x', category: 'stock', to: role('ADMIN'), template: 'inventory/low_stock_alert', via: ['email'], priority: 'low'`,
);
const ORDER_CONTEXT = contextOf('sales');
const STOCK_CONTEXT = contextOf('inventory');

/** As the first rule of a module has it. */
function contextOf(module: string): string {
  const rules = readFileSync(join(projectRoot(), `consumers/${module}.ts`), 'utf8');
  const [, context] = /^ {4}context: (\(e[^)]*\) => \(\{\n[\s\S]*?\n {4}\}\)),$/m.exec(rules) ?? [];
  if (context === undefined) throw new Error(`consumers/${module}.ts has no context`);
  return context;
}
