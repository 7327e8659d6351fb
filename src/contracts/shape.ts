import { z } from 'zod';
import { DefinitionError } from '../domain/definition-error.js';
import type { Tag } from '../domain/tag.js';

/** A schema reduced to what the bakery's contracts may hold. */
export type Shape =
  | { readonly kind: 'string' | 'integer' | 'boolean' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'instant' | 'date' }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array'; readonly items: Shape }
  | { readonly kind: 'nullable'; readonly of: Shape }
  | RecordShape;

export interface RecordShape {
  readonly kind: 'record';
  /** With its namespace. */
  readonly name: string;
  readonly doc: string | null;
  readonly fields: readonly Field[];
}
export interface Field {
  readonly name: string;
  readonly doc: string | null;
  readonly tag: Tag | null;
  readonly shape: Shape;
}

/**
 * Parses a schema file.
 *
 * @param where stands before every complaint
 * @throws Error for what is no Avro, or Avro that the bakery doesn't use (maps, floats, unions of two, …)
 */
export function readRecord(json: unknown, where: string): { shape: RecordShape; kind: 'event' | 'state' } {
  const root = parse(rootSchema, json, where);
  const shape = readShape(root, { where, namespace: root.namespace, named: new Map() });
  if (shape.kind !== 'record') throw new DefinitionError(`${where}: the schema of an event is a record`);
  return { shape, kind: root['chesanto:kind'] ?? 'event' };
}

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);
const rootSchema = z.looseObject({
  type: z.literal('record'),
  namespace: z.string(),
  'chesanto:kind': z.enum(['event', 'state']).optional(),
});
const typed = z.looseObject({ type: z.string(), logicalType: z.string().optional() });
const recordSchema = z.looseObject({ name, doc: z.string().optional(), fields: z.array(z.unknown()) });
const fieldSchema = z.looseObject({
  name,
  doc: z.string().optional(),
  type: z.unknown(),
  default: z.unknown().optional(),
  'confluent:tags': z
    .array(z.enum(['SECRET', 'PII']))
    .length(1)
    .optional(),
});
const enumSchema = z.looseObject({ name, symbols: z.array(name).min(1), default: z.string() });
const arraySchema = z.looseObject({ items: z.unknown() });
const decimalSchema = z.looseObject({
  type: z.literal('bytes'),
  // A double holds every decimal of 15 digits exactly.
  precision: z.number().int().min(1).max(15),
  scale: z.number().int().min(0),
});

interface Scope {
  readonly where: string;
  readonly namespace: string;
  readonly named: Map<string, Shape>;
}

function readShape(json: unknown, scope: Scope): Shape {
  if (Array.isArray(json)) return readUnion(json, scope);
  if (typeof json === 'string') return scope.named.get(json) ?? readPrimitive(json, scope);
  const schema = parse(typed, json, scope.where);
  if (schema.logicalType !== undefined) return readLogical(schema.logicalType, schema, scope);
  switch (schema.type) {
    case 'record':
      return readFields(schema, scope);
    case 'enum':
      return readEnum(schema, scope);
    case 'array':
      return { kind: 'array', items: readShape(parse(arraySchema, schema, scope.where).items, scope) };
    default:
      return readPrimitive(schema.type, scope);
  }
}

function readPrimitive(type: string, { where }: Scope): Shape {
  if (type === 'string' || type === 'boolean') return { kind: type };
  if (type === 'int' || type === 'long') return { kind: 'integer' };
  throw new DefinitionError(`${where}: ${type} is no type of the bakery's contracts`);
}

function readLogical(logicalType: string, schema: z.infer<typeof typed>, { where }: Scope): Shape {
  if (logicalType === 'decimal') {
    const { precision, scale } = parse(decimalSchema, schema, where);
    return { kind: 'decimal', precision, scale };
  }
  if (logicalType === 'timestamp-millis' && schema.type === 'long') return { kind: 'instant' };
  if (logicalType === 'date' && schema.type === 'int') return { kind: 'date' };
  throw new DefinitionError(
    `${where}: ${schema.type} as ${logicalType} is no type of the bakery's contracts`,
  );
}

function readUnion(branches: readonly unknown[], scope: Scope): Shape {
  const [first, second] = branches;
  if (branches.length !== 2 || first !== 'null') {
    throw new DefinitionError(`${scope.where}: the only unions are ["null", something]`);
  }
  return { kind: 'nullable', of: readShape(second, scope) };
}

function readEnum(schema: unknown, scope: Scope): Shape {
  const { name: enumName, symbols, default: fallback } = parse(enumSchema, schema, scope.where);
  // Last, so that a reader of tomorrow's symbols has somewhere to put them.
  if (symbols.at(-1) !== fallback)
    throw new DefinitionError(`${scope.where}: the last symbol of ${enumName} is its default`);
  const shape: Shape = { kind: 'enum', symbols };
  scope.named.set(enumName, shape);
  return shape;
}

function readFields(schema: unknown, scope: Scope): RecordShape {
  const record = parse(recordSchema, schema, scope.where);
  const fields = record.fields.map((json) =>
    readField(json, { ...scope, where: `${scope.where}: ${record.name}` }),
  );
  const shape: RecordShape = {
    kind: 'record',
    name: `${scope.namespace}.${record.name}`,
    doc: record.doc ?? null,
    fields,
  };
  scope.named.set(record.name, shape);
  return shape;
}

function readField(json: unknown, scope: Scope): Field {
  const field = parse(fieldSchema, json, scope.where);
  const where = `${scope.where}.${field.name}`;
  const shape = readShape(field.type, { ...scope, where });
  const tag = field['confluent:tags']?.[0] ?? null;
  if (shape.kind === 'nullable' && field.default !== null)
    throw new DefinitionError(`${where}: nullable, so its default is null`);
  if (tag !== null && leafOf(shape).kind !== 'string')
    throw new DefinitionError(`${where}: only text can be masked, so only text is tagged`);
  return { name: field.name, doc: field.doc ?? null, tag, shape };
}

function leafOf(shape: Shape): Shape {
  if (shape.kind === 'nullable') return leafOf(shape.of);
  return shape.kind === 'array' ? leafOf(shape.items) : shape;
}

function parse<T>(schema: z.ZodType<T>, json: unknown, where: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new DefinitionError(`${where}: ${z.prettifyError(result.error)}`);
}
