import { describe, expect, it } from 'vitest';
import { loadContracts } from '../../../src/contracts/contract.js';
import { EncodeError, encodeBody, frame } from '../../../src/contracts/encode.js';
import type { DeliveryStatus } from '../../../src/generated/events.js';

const contract = loadContracts('schemas').of('communications.delivery-status');
const status: DeliveryStatus = {
  event_id: '0199a000-0000-7000-8000-000000000001',
  notification_id: '0199a000-0000-7000-8000-000000000002',
  sequence: 1,
  status: 'QUEUED',
  settled: false,
  occurred_at: new Date('2025-10-01T05:10:00Z'),
  reason: null,
  channel: 'EMAIL',
  priority: 'HIGH',
  module: 'auth',
  rule: 'auth/verification-code',
  template: 'auth_otp',
  template_version: 1,
  provider: null,
  provider_message_id: null,
  attempt: 0,
  possible_duplicate: false,
  recipient_id: '7',
  recipient_masked: 'j***@example.com',
  source_event_id: 'e-1',
  source_event_source: '/chesanto/auth',
  source_event_type: 'otp.requested',
  source_topic: 'otp.requested',
  source_partition: 0,
  source_offset: 12,
  source_subject: null,
};

describe('encoding', () => {
  it('writes a status that reads back as it was', () => {
    expect(contract.type.fromBuffer(encodeBody(contract, status))).toEqual(status);
  });

  it('puts 0 and the schema id before the body', () => {
    expect(frame(258, Buffer.from('x')).toString('hex')).toBe('000000010278');
  });

  it('names every field that does not fit, and no value', () => {
    const wrong = { ...status, status: 'LOST-482913', sequence: 1.5, module: undefined };
    expect(() => encodeBody(contract, wrong)).toThrow(EncodeError);
    for (const field of ['status', 'sequence', 'module']) {
      expect(() => encodeBody(contract, wrong)).toThrow(field);
    }
    expect(() => encodeBody(contract, wrong)).not.toThrow(/482913/);
  });
});
