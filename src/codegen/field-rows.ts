import type { Field, RecordShape, Shape } from '../contracts/shape.js';
import type { Tag } from '../domain/tag.js';

/** One line of a table of fields. */
export interface FieldRow {
  /** `customer.name`, `lines[].product`. */
  readonly path: string;
  readonly type: string;
  readonly tag: Tag | null;
  readonly doc: string;
}

/** Every field of a record, those of the records in it below it; a tag covers all that is below it. */
export const fieldRows = ({ fields }: RecordShape): FieldRow[] =>
  fields.flatMap((field) => rowsOf(field, '', null));

function rowsOf({ name, doc, shape, tag: own }: Field, before: string, above: Tag | null): FieldRow[] {
  const path = `${before}${name}`;
  const tag = own ?? above;
  const inner = recordIn(shape);
  const row = { path, type: typeInWords(shape), tag: inner === null ? tag : null, doc: doc ?? '' };
  if (inner === null) return [row];
  const below = `${path}${isList(shape) ? '[]' : ''}.`;
  return [row, ...inner.fields.flatMap((field) => rowsOf(field, below, tag))];
}

function recordIn(shape: Shape): RecordShape | null {
  if (shape.kind === 'nullable') return recordIn(shape.of);
  if (shape.kind === 'array') return recordIn(shape.items);
  return shape.kind === 'record' ? shape : null;
}

const isList = (shape: Shape): boolean =>
  shape.kind === 'array' || (shape.kind === 'nullable' && isList(shape.of));

function typeInWords(shape: Shape): string {
  switch (shape.kind) {
    case 'string':
      return 'text';
    case 'integer':
      return 'whole number';
    case 'boolean':
      return 'true or false';
    case 'decimal':
      return `number with ${shape.scale} decimals`;
    case 'instant':
      return 'time';
    case 'date':
      return 'day';
    case 'enum':
      return shape.symbols.map((symbol) => `\`${symbol}\``).join(' ');
    case 'array':
      return `list of ${typeInWords(shape.items)}`;
    case 'nullable':
      return `${typeInWords(shape.of)}, or null`;
    case 'record':
      return shape.name.split('.').at(-1) ?? shape.name;
  }
}
