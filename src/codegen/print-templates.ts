import { DefinitionError } from '../domain/definition-error.js';
import { mayBeNull, type Need, type Use } from '../templates/need.js';
import type { Template } from '../templates/template.js';

const HEADER = '// Generated from templates/**/*.hbs by `npm run generate`; do not edit.';
const FLAVOURS = ['BusinessDate', 'Instant', 'Money', 'Open', 'OpenText', 'Quantity', 'Text'];

type Described = Pick<Template, 'name' | 'needs' | 'channels'>;

/** src/generated/templates.ts: the variables and channels of each template, as types and for the check at start. */
export function printTemplates(templates: readonly Described[]): string {
  const contexts = templates.map((template) => `  '${template.name}': ${contextType(template)};`).join('\n');
  const channels = templates
    .map(({ name, channels: all }) => `  '${name}': ${quoted(all).join(' | ')};`)
    .join('\n');
  const needs = templates.map(({ name, channels: all, needs: need }) => {
    const variables = quoted([...need.fields.keys()].sort()).join(', ');
    return `  '${name}': { channels: [${quoted(all).join(', ')}], variables: [${variables}] },`;
  });
  const used = FLAVOURS.filter((flavour) => new RegExp(`\\b${flavour}\\b`).test(contexts));
  return [
    HEADER,
    used.length === 0 ? '' : `import type { ${used.join(', ')} } from '../rules/values.js';\n`,
    `/** The variables of each template. */\nexport interface TemplateContexts {\n${contexts}\n}\n`,
    `/** The channels each template has parts for. */\nexport interface TemplateChannels {\n${channels}\n}\n`,
    '/** The same, to be compared with the files at start. */',
    `export const templateNeeds = {\n${needs.join('\n')}\n} as const;\n`,
  ].join('\n');
}

const quoted = (words: readonly string[]): string[] => words.map((word) => `'${word}'`);

function contextType({ name: template, needs }: Described): string {
  const fields = [...needs.fields].sort(byName).map(([name, need]) => {
    return `    readonly ${name}: ${typeOfNeed(need, '    ', `${template}: ${name}`)};`;
  });
  return fields.length === 0 ? '{}' : `{\n${fields.join('\n')}\n  }`;
}

/**
 * One variable as TypeScript.
 *
 * @param name how errors call it
 * @throws DefinitionError if one variable is used as two kinds of thing
 */
export function typeOfNeed(need: Need, indent = '', name = 'the context'): string {
  if (need.item !== null) return `readonly ${inBrackets(typeOfNeed(need.item, indent, `${name}[]`))}[]`;
  const orNull = mayBeNull(need) ? ' | null' : '';
  if (need.fields.size > 0) {
    const fields = [...need.fields].sort(byName).map(([key, field]) => {
      return `${indent}  readonly ${key}: ${typeOfNeed(field, `${indent}  `, `${name}.${key}`)};`;
    });
    return `{\n${fields.join('\n')}\n${indent}}${orNull}`;
  }
  if (need.uses.has('list')) return 'readonly unknown[]';
  return scalarType(need, orNull, name);
}

function scalarType({ uses, glanced }: Need, orNull: string, name: string): string {
  const kinds = [...uses.keys()].filter((use) => use !== 'flag' && use !== 'Text');
  if (kinds.length > 1) {
    const places = kinds.map((kind) => `${kind} (${uses.get(kind)})`);
    throw new DefinitionError(`${name} is used as ${places.join(' and ')}; use it as one of them`);
  }
  const [kind] = kinds;
  if (kind === undefined && !uses.has('Text')) return uses.has('flag') ? 'boolean' : 'unknown';
  const type = kind ?? 'Text';
  return `${glanced ? openType(type) : type}${orNull}`;
}

/** What is seen before the message is opened stands on lock screens and in the log: no secret may reach it. */
function openType(type: Use): string {
  if (type === 'Text') return 'OpenText';
  return type === 'string' ? 'Open<string>' : type;
}

const inBrackets = (type: string): string => (type.endsWith('| null') ? `(${type})` : type);
const byName = ([a]: [string, Need], [b]: [string, Need]): number => (a < b ? -1 : 1);
