import { describe, expect, it } from 'vitest';
import { readRecord } from '../../../src/contracts/shape.js';
import { tagsOf } from '../../../src/contracts/tags.js';

const record = (...fields: unknown[]) => ({ type: 'record', name: 'A', namespace: 'chesanto.auth', fields });
const decimal = (precision: number, scale: number) => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});
const colours = { type: 'enum', name: 'Colour', symbols: ['RED', 'UNKNOWN'], default: 'UNKNOWN' };
const person = {
  type: 'record',
  name: 'P',
  fields: [{ name: 'name', type: 'string', 'confluent:tags': ['PII'] }],
};

describe('a schema file', () => {
  it.each([
    ['string', 'string', { kind: 'string' }],
    ['long', 'long', { kind: 'integer' }],
    ['money', decimal(12, 2), { kind: 'decimal', precision: 12, scale: 2 }],
    ['instant', { type: 'long', logicalType: 'timestamp-millis' }, { kind: 'instant' }],
    ['day', { type: 'int', logicalType: 'date' }, { kind: 'date' }],
    ['enum', colours, { kind: 'enum', symbols: ['RED', 'UNKNOWN'] }],
    ['list', { type: 'array', items: 'string' }, { kind: 'array', items: { kind: 'string' } }],
  ])('may hold a %s', (_name, type, shape) => {
    expect(readRecord(record({ name: 'a', type }), 'x').shape.fields[0]?.shape).toEqual(shape);
  });

  it('may use a record again by its name', () => {
    const { shape } = readRecord(record({ name: 'a', type: person }, { name: 'b', type: 'P' }), 'x');
    expect(shape.fields[1]?.shape).toEqual(shape.fields[0]?.shape);
  });

  it.each([
    ['a union of two types', { name: 'a', type: ['string', 'long'] }, /only unions/],
    ['null after the type', { name: 'a', type: ['string', 'null'] }, /only unions/],
    [
      'a nullable without default',
      { name: 'a', type: ['null', 'string'] },
      /x: A\.a: nullable, so its default is null/,
    ],
    ['a map', { name: 'a', type: { type: 'map', values: 'string' } }, /map is no type/],
    ['a float', { name: 'a', type: 'double' }, /double is no type/],
    ['an unknown name', { name: 'a', type: 'Nobody' }, /Nobody is no type/],
    ['a decimal that no double holds', { name: 'a', type: decimal(20, 2) }, /precision/],
    [
      'an unknown logical type',
      { name: 'a', type: { type: 'int', logicalType: 'time-millis' } },
      /time-millis/,
    ],
    ['an enum without default', { name: 'a', type: { ...colours, default: undefined } }, /default/],
    ['an enum whose default is not last', { name: 'a', type: { ...colours, default: 'RED' } }, /last symbol/],
    ['a tag on a number', { name: 'a', type: 'long', 'confluent:tags': ['PII'] }, /only text is tagged/],
    ['a tag nobody knows', { name: 'a', type: 'string', 'confluent:tags': ['PRIVATE'] }, /tags/],
    ['a field without name', { type: 'string' }, /name/],
  ])('may not hold %s', (_name, field, complaint) => {
    expect(() => readRecord(record(field), 'x')).toThrow(complaint);
  });

  it('is a record', () => {
    expect(() => readRecord({ ...colours, namespace: 'chesanto.auth' }, 'x')).toThrow(/x: /);
  });
});

describe('tags', () => {
  it('are found in records, lists and nullables', () => {
    const { shape } = readRecord(
      record(
        { name: 'user', type: person },
        { name: 'phones', type: { type: 'array', items: 'string' }, 'confluent:tags': ['PII'] },
        { name: 'code', type: ['null', 'string'], default: null, 'confluent:tags': ['SECRET'] },
        { name: 'people', type: { type: 'array', items: 'P' } },
        { name: 'open', type: 'string' },
      ),
      'x',
    );
    expect(Object.fromEntries(tagsOf(shape))).toEqual({
      'user.name': 'PII',
      'phones[]': 'PII',
      code: 'SECRET',
      'people[].name': 'PII',
    });
  });
});
