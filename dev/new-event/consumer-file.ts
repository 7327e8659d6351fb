import type { Channel } from '../../src/domain/channel.js';
import type { EventNames } from './event-names.js';

const WORDS_IMPORT = /^import \{ ([\w, ]+) \} from '\.\.\/src\/rules\/words\.js';$/m;
const LIST_END = /\n\]\);\n$/;
const ALL = /^export const consumers: readonly Consumer\[\] = \[([\w, ]*)\];$/m;

/**
 * consumers/<module>.ts with a rule for the event.
 * @param via how people hear of it
 * @param current null: the module is new
 * @returns null if the file is not written as the others are, so that people must edit it
 */
export function consumerFile(
  names: EventNames,
  via: readonly Channel[],
  current: string | null,
): string | null {
  if (current === null) {
    return `import { consumer, direct, on } from '../src/rules/words.js';

export default consumer('${names.module}', [
${entry(names, via)}
]);
`;
  }
  if (!WORDS_IMPORT.test(current) || !LIST_END.test(current)) return null;
  return current
    .replace(WORDS_IMPORT, (_, words: string) => importOf([...words.split(', '), 'direct', 'on']))
    .replace(LIST_END, `\n${entry(names, via)}\n]);\n`);
}

/** consumers/all.ts with the new module in it. @returns null as above */
export function allConsumersFile({ module }: EventNames, current: string): string | null {
  const [, list] = ALL.exec(current) ?? [];
  if (list === undefined) return null;
  const modules = [...list.split(', '), module].sort().join(', ');
  return current
    .replace(ALL, `export const consumers: readonly Consumer[] = [${modules}];`)
    .replace(/^import (?!type)/m, `import ${module} from './${module}.js';\nimport `);
}

const importOf = (words: readonly string[]): string =>
  `import { ${[...new Set(words)].sort().join(', ')} } from '../src/rules/words.js';`;

const entry = (
  { event, rule, module, person, template, timeField }: EventNames,
  via: readonly Channel[],
): string => `  on('${event}', {
    rule: '${rule}',
    category: '${CATEGORIES[module] ?? 'account'}',
    to: direct((e) => e.${person}),
    template: '${template}',
    via: [${via.map((channel) => `'${channel}'`).join(', ')}],
    priority: 'medium',
    expires: '24h',
    context: (e) => ({
      name: e.${person}.name,
      ${timeField}: e.${timeField},
      reason: e.reason,
    }),
  }),`;

const CATEGORIES: Readonly<Record<string, string>> = {
  auth: 'account',
  sales: 'orders',
  finance: 'money',
  inventory: 'stock',
  production: 'production',
  dispatch: 'dispatch',
  reports: 'reports',
};
