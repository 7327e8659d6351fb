import { expect, it } from 'vitest';
import { loadContracts } from '../../../src/contracts/contract.js';
import { createStatusEncoder } from '../../../src/contracts/status-encoder.js';
import type { NotificationFacts, StatusChange } from '../../../src/domain/notification.js';
import { STATUSES } from '../../../src/domain/status.js';

const contracts = loadContracts('schemas');
const contract = contracts.of('communications.delivery-status');
const encode = createStatusEncoder(contracts);

const facts: NotificationFacts = {
  channel: 'email',
  priority: 'high',
  module: 'auth',
  rule: 'auth/verification-code',
  template: 'auth_otp',
  templateVersion: 3,
  recipientId: '7',
  recipientMasked: 'j***@example.com',
  sourceEventId: 'e-1',
  sourceEventSource: '/chesanto/auth',
  sourceEventType: 'otp.requested',
  sourceTopic: 'otp.requested',
  sourcePartition: 2,
  sourceOffset: '9007199254740990',
  sourceSubject: null,
  traceparent: null,
  eventTime: Date.parse('2025-10-01T05:09:59Z'),
};
const change: StatusChange = {
  notificationId: '0199a000-0000-7000-8000-000000000002',
  sequence: 2,
  status: 'SENT',
  settled: true,
  occurredAt: new Date('2025-10-01T05:10:00.123Z'),
  reason: null,
  provider: 'smtp',
  providerMessageId: '<1@example.com>',
  attempt: 1,
  possibleDuplicate: false,
};

it('says what became of a notification, keyed by it', () => {
  const { key, value, topic, subject } = encode(facts, change);
  expect(key?.toString()).toBe(change.notificationId);
  expect([topic, subject]).toEqual([contract.topic, `${contract.topic}-value`]);
  expect(contract.type.fromBuffer(value)).toMatchObject({
    notification_id: change.notificationId,
    sequence: 2,
    status: 'SENT',
    settled: true,
    occurred_at: change.occurredAt,
    channel: 'EMAIL',
    priority: 'HIGH',
    provider_message_id: '<1@example.com>',
    source_offset: 9_007_199_254_740_990,
  });
});

it('repeats the same event id for the same step and no other', () => {
  const idOf = (one: StatusChange) => contract.type.fromBuffer(encode(facts, one).value).event_id;
  expect(idOf({ ...change })).toBe(idOf(change));
  expect(idOf({ ...change, sequence: 3 })).not.toBe(idOf(change));
  expect(encode(facts, change).headers['ce_id']?.toString()).toBe(idOf(change));
});

it('has a symbol for every status, channel and priority', () => {
  for (const status of STATUSES) {
    for (const channel of ['email', 'sms'] as const) {
      for (const priority of ['high', 'medium', 'low'] as const) {
        const { value } = encode({ ...facts, channel, priority }, { ...change, status });
        expect(contract.type.fromBuffer(value)).toMatchObject({ status });
      }
    }
  }
});

it('hands the module’s key and the trace on where there are any', () => {
  expect(Object.keys(encode(facts, change).headers)).not.toContain('ce_subject');
  const { headers } = encode({ ...facts, sourceSubject: 'user/7', traceparent: '00-a-b-01' }, change);
  expect(headers['ce_subject']?.toString()).toBe('user/7');
  expect(headers['traceparent']?.toString()).toBe('00-a-b-01');
  expect(headers['ce_time']?.toString()).toBe('2025-10-01T05:10:00.123Z');
});
