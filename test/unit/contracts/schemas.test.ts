import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { loadContracts } from '../../../src/contracts/contract.js';

const contracts = loadContracts('schemas');

describe('the contracts of the bakery', () => {
  it('are the events it reads and the statuses it publishes', () => {
    expect(contracts.all.map(({ event, kind, record }) => [event, kind, record])).toEqual([
      ['otp.requested', 'event', 'chesanto.auth.OtpRequested'],
      ['profile.updated', 'state', 'chesanto.auth.ProfileUpdated'],
      ['communications.delivery-status', 'published', 'chesanto.communications.DeliveryStatus'],
    ]);
  });

  it('know what is secret and what is personal', () => {
    expect(Object.fromEntries(contracts.of('otp.requested').tags)).toEqual({
      'user.name': 'PII',
      'user.email': 'PII',
      'user.phone': 'PII',
      code: 'SECRET',
      ip_address: 'PII',
    });
    expect(contracts.of('otp.requested').hasSecret).toBe(true);
    expect(contracts.of('profile.updated').hasSecret).toBe(false);
  });

  it('say what every field means', () => {
    const undocumented = contracts.all.flatMap(({ event, shape }) =>
      shape.fields.filter(({ doc }) => doc === null).map(({ name }) => `${event}.${name}`),
    );
    expect(undocumented).toEqual([]);
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
