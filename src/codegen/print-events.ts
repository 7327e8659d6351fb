import type { Contract } from '../contracts/contract.js';
import type { RecordShape, Shape } from '../contracts/shape.js';
import type { Tag } from '../domain/tag.js';

const HEADER = '// Generated from schemas/**/*.avsc by `npm run generate`; do not edit.';
const FLAVOURS = ['BusinessDate', 'Instant', 'Money', 'Percent', 'Pii', 'Quantity', 'Secret'];

/** src/generated/events.ts: an interface per record, and which event is which. */
export function printEvents(contracts: readonly Contract[]): string {
  const interfaces = new Map<string, string>();
  const types = new Map(contracts.map(({ event, shape }) => [event, typeOf(shape, null, interfaces)]));
  const read = contracts.filter(({ kind }) => kind !== 'published');
  const events = read.map(({ event }) => `  '${event}': ${types.get(event)};`).join('\n');

  const body = [...interfaces].map(([name, text]) => `export interface ${name} ${text}\n`).join('\n');
  return [
    HEADER,
    importsOf(body),
    body,
    `/** What is read from the bus. */\nexport interface Events {\n${events}\n}\n`,
    `/** The events of each module that rules may be written for. */\nexport interface Modules {\n${modules(contracts)}\n}\n`,
  ].join('\n');
}

function modules(contracts: readonly Contract[]): string {
  const names = [...new Set(contracts.filter(({ kind }) => kind === 'event').map(({ module }) => module))];
  const eventsOf = (module: string) =>
    contracts.filter((one) => one.module === module && one.kind === 'event').map(({ event }) => `'${event}'`);
  return names.map((module) => `  ${module}: ${eventsOf(module).join(' | ')};`).join('\n');
}

function importsOf(body: string): string {
  const used = FLAVOURS.filter((flavour) => new RegExp(`\\b${flavour}\\b`).test(body));
  return used.length === 0 ? '' : `import type { ${used.join(', ')} } from '../rules/values.js';\n`;
}

/** The TypeScript type of a shape; interfaces it needs are added to `interfaces`. */
function typeOf(shape: Shape, tag: Tag | null, interfaces: Map<string, string>): string {
  switch (shape.kind) {
    case 'string':
      return flavoured('string', tag);
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'decimal':
      return decimalFlavour(shape);
    case 'instant':
      return 'Instant';
    case 'date':
      return 'BusinessDate';
    case 'enum':
      return shape.symbols.map((symbol) => `'${symbol}'`).join(' | ');
    case 'nullable':
      return `${typeOf(shape.of, tag, interfaces)} | null`;
    case 'array':
      return `readonly ${inBrackets(typeOf(shape.items, tag, interfaces))}[]`;
    case 'record':
      return interfaceOf(shape, tag, interfaces);
  }
}

function flavoured(type: string, tag: Tag | null): string {
  if (tag === null) return type;
  return tag === 'SECRET' ? `Secret<${type}>` : `Pii<${type}>`;
}

/** The catalogue's decimals: quantities have three places, percentages seven digits, the rest is money. */
function decimalFlavour({
  precision,
  scale,
}: {
  readonly precision: number;
  readonly scale: number;
}): string {
  if (scale === 3) return 'Quantity';
  return precision === 7 ? 'Percent' : 'Money';
}

const inBrackets = (type: string): string => (/[ |]/.test(type) ? `(${type})` : type);

/** Each subject stands alone, so a record of the same name and another shape gets a number. */
function interfaceOf(record: RecordShape, tag: Tag | null, interfaces: Map<string, string>): string {
  const fields = record.fields.map(({ name, doc, shape, tag: own }) => {
    const comment = doc === null ? '' : `  /** ${doc} */\n`;
    return `${comment}  readonly ${name}: ${typeOf(shape, own ?? tag, interfaces)};`;
  });
  const text = `{\n${fields.join('\n')}\n}`;
  const base = record.name.split('.').at(-1) ?? record.name;
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}${count}`;
    const taken = interfaces.get(name);
    if (taken !== undefined && taken !== text) continue;
    interfaces.set(name, text);
    return name;
  }
}
