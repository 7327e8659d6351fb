import { describe, expect, it } from 'vitest';
import { printEvents } from '../../../src/codegen/print-events.js';
import type { Contract } from '../../../src/contracts/contract.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import { readRecord } from '../../../src/contracts/shape.js';

const template = loadContracts('schemas').of('otp.requested');
const decimal = (precision: number, scale: number) => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});
const item = (name: string, type: unknown) => ({ type: 'record', name, fields: [{ name: 'a', type }] });

/** A contract of one event whose record has these fields. */
function contractOf(event: string, fields: readonly unknown[], kind: Contract['kind'] = 'event'): Contract {
  const schema = { type: 'record', name: 'Sold', namespace: 'chesanto.sales', fields };
  return { ...template, event, module: 'sales', kind, shape: readRecord(schema, event).shape };
}
const printed = (...fields: unknown[]) => printEvents([contractOf('bread.sold', fields)]);

describe('an event as TypeScript', () => {
  it.each([
    ['string', 'string'],
    ['boolean', 'boolean'],
    ['int', 'number'],
    ['long', 'number'],
    [decimal(12, 2), 'Money'],
    [decimal(12, 3), 'Quantity'],
    [decimal(7, 2), 'Percent'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, 'Instant'],
    [{ type: 'int', logicalType: 'date' }, 'BusinessDate'],
    [{ type: 'enum', name: 'E', symbols: ['A', 'B'], default: 'B' }, "'A' | 'B'"],
    [{ type: 'array', items: 'string' }, 'readonly string[]'],
    [{ type: 'array', items: ['null', 'long'] }, 'readonly (number | null)[]'],
    [{ type: 'array', items: item('Line', 'long') }, 'readonly Line[]'],
    [item('Line', 'long'), 'Line'],
  ])('has %j as %s', (type, expected) => {
    expect(printed({ name: 'f', type })).toContain(`  readonly f: ${expected};\n`);
  });

  it.each([
    [{ name: 'f', type: 'string', 'confluent:tags': ['SECRET'] }, 'Secret<string>'],
    [{ name: 'f', type: ['null', 'string'], default: null, 'confluent:tags': ['PII'] }, 'Pii<string> | null'],
    [
      { name: 'f', type: { type: 'array', items: 'string' }, 'confluent:tags': ['PII'] },
      'readonly Pii<string>[]',
    ],
  ])('carries tags: %j is %s', (field, expected) => {
    expect(printed(field)).toContain(`  readonly f: ${expected};\n`);
  });

  it('imports the flavours it uses and no others', () => {
    expect(printed({ name: 'f', type: decimal(12, 2) })).toContain(
      "import type { Money } from '../rules/values.js';",
    );
    expect(printed({ name: 'f', type: 'string' })).not.toContain('import');
  });

  it('says what the schema says of a field', () => {
    expect(printed({ name: 'f', type: 'long', doc: 'In grams.' })).toContain(
      '  /** In grams. */\n  readonly f: number;',
    );
  });

  it('shares records of one shape and numbers those of another', () => {
    const source = printEvents([
      contractOf('a', [{ name: 'one', type: item('Line', 'long') }]),
      contractOf('b', [{ name: 'two', type: item('Line', 'string') }]),
      contractOf('c', [{ name: 'three', type: item('Line', 'string') }]),
    ]);
    expect(source).toContain('readonly one: Line;');
    expect(source).toContain('readonly two: Line2;');
    expect(source).toContain('readonly three: Line2;');
    expect(source).not.toContain('Line3');
  });

  it('offers rules the events only, not state and not what is published', () => {
    const source = printEvents([
      contractOf('a.done', []),
      contractOf('b.state', [], 'state'),
      contractOf('c.published', [], 'published'),
    ]);
    const section = (name: string) => new RegExp(`interface ${name} {([^}]*)}`).exec(source)?.[1];
    expect(section('Modules')).toContain("sales: 'a.done';");
    expect(section('Events')).toMatch(/'a\.done'[\s\S]*'b\.state'/);
    expect(section('Events')).not.toContain('c.published');
  });
});
