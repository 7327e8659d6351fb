import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { loadContracts } from '../../../src/contracts/contract.js';
import type { RecordShape, Shape } from '../../../src/contracts/shape.js';

const contracts = loadContracts('schemas');
const person = (field: string) => ({
  [`${field}.name`]: 'PII',
  [`${field}.email`]: 'PII',
  [`${field}.phone`]: 'PII',
});

describe('the contracts of the bakery', () => {
  it('are the events it reads and the statuses it publishes', () => {
    expect(contracts.all.map(({ event, kind, record }) => [event, kind, record])).toEqual(
      expect.arrayContaining([
        ['otp.requested', 'event', 'chesanto.auth.OtpRequested'],
        ['user.invited', 'event', 'chesanto.auth.UserInvited'],
        ['stock.low', 'event', 'chesanto.inventory.StockLow'],
        ['order.created', 'event', 'chesanto.sales.OrderCreated'],
      ]),
    );
    const others = contracts.all.filter(({ kind }) => kind !== 'event');
    expect(others.map(({ event, kind, record }) => [event, kind, record])).toEqual([
      ['profile.updated', 'state', 'chesanto.auth.ProfileUpdated'],
      ['communications.delivery-status', 'published', 'chesanto.communications.DeliveryStatus'],
    ]);
  });

  it.each([
    ['otp.requested', { ...person('user'), code: 'SECRET', ip_address: 'PII' }],
    ['user.invited', { ...person('invitee'), temporary_password: 'SECRET', invited_by: 'PII' }],
    ['order.created', { ...person('customer'), notes: 'PII' }],
    ['stock.low', {}],
  ])('know what is secret and what is personal in %s', (event, tags) => {
    const contract = contracts.of(event);
    expect(Object.fromEntries(contract.tags)).toEqual(tags);
    expect(contract.hasSecret).toBe(Object.values(tags).includes('SECRET'));
  });

  it('have one Person, each its own copy', () => {
    const persons = contracts.all
      .flatMap(({ shape }) => recordsOf(shape))
      .filter(({ name }) => name.endsWith('.Person'))
      .map(({ fields }) => JSON.stringify(fields));
    expect(persons.length).toBeGreaterThan(2);
    expect(new Set(persons).size).toBe(1);
  });

  it('say what every field means', () => {
    const fields = contracts.all.flatMap(({ shape }) =>
      recordsOf(shape).flatMap((record) => record.fields.map((field) => ({ ...field, of: record.name }))),
    );
    expect(fields.filter(({ doc }) => doc === null).map(({ of, name }) => `${of}.${name}`)).toEqual([]);
  });

  it('are Avro to a reader that knows nothing of the bakery', () => {
    for (const { schema, record } of contracts.all) {
      expect(avsc.Type.forSchema(JSON.parse(schema)).name).toBe(record);
    }
  });

  it('complain of an event nobody has a schema of', () => {
    expect(() => contracts.of('otp.requestd')).toThrow(/no schema of otp\.requestd/);
  });
});

/** The record and every record in it. */
function recordsOf(shape: Shape): RecordShape[] {
  if (shape.kind === 'nullable') return recordsOf(shape.of);
  if (shape.kind === 'array') return recordsOf(shape.items);
  if (shape.kind !== 'record') return [];
  return [shape, ...shape.fields.flatMap((field) => recordsOf(field.shape))];
}
