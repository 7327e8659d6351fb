import type { EncodeStatus, NotificationFacts, StatusChange } from '../domain/notification.js';
import type { DeliveryStatus } from '../generated/events.js';
import { type Contracts, subjectOf } from './contract.js';
import { encodeBody } from './encode.js';

export const STATUS_TOPIC = 'communications.delivery-status';

/** Writes DeliveryStatus events, CloudEvents headers included. The frame is added when they are published. */
export function createStatusEncoder(contracts: Contracts): EncodeStatus {
  const contract = contracts.of(STATUS_TOPIC);
  return (facts, change) => {
    // The same however often it is published: subscribers know a repeat by it.
    const eventId = `${change.notificationId}/${change.sequence}`;
    return {
      topic: STATUS_TOPIC,
      key: Buffer.from(change.notificationId),
      value: encodeBody(contract, toRecord(eventId, facts, change)),
      subject: subjectOf(STATUS_TOPIC),
      headers: headersOf(eventId, facts, change),
    };
  };
}

function toRecord(eventId: string, facts: NotificationFacts, change: StatusChange): DeliveryStatus {
  return {
    event_id: eventId,
    notification_id: change.notificationId,
    sequence: change.sequence,
    status: change.status,
    settled: change.settled,
    occurred_at: change.occurredAt,
    reason: change.reason,
    channel: CHANNEL_SYMBOLS[facts.channel],
    priority: PRIORITY_SYMBOLS[facts.priority],
    module: facts.module,
    rule: facts.rule,
    template: facts.template,
    template_version: facts.templateVersion,
    provider: change.provider,
    provider_message_id: change.providerMessageId,
    attempt: change.attempt,
    possible_duplicate: change.possibleDuplicate,
    recipient_id: facts.recipientId,
    recipient_masked: facts.recipientMasked,
    source_event_id: facts.sourceEventId,
    source_event_source: facts.sourceEventSource,
    source_event_type: facts.sourceEventType,
    source_topic: facts.sourceTopic,
    source_partition: facts.sourcePartition,
    source_offset: Number(facts.sourceOffset),
    source_subject: facts.sourceSubject,
  };
}

const CHANNEL_SYMBOLS = { email: 'EMAIL', sms: 'SMS' } as const;
const PRIORITY_SYMBOLS = { high: 'HIGH', medium: 'MEDIUM', low: 'LOW' } as const;

/** CloudEvents 1.0, Kafka binary mode. */
function headersOf(eventId: string, facts: NotificationFacts, change: StatusChange): Record<string, Buffer> {
  const headers: Record<string, Buffer> = {
    ce_specversion: CE_SPECVERSION,
    ce_id: Buffer.from(eventId),
    ce_source: CE_SOURCE,
    ce_type: CE_TYPE,
    ce_time: Buffer.from(change.occurredAt.toISOString()),
    'content-type': CONTENT_TYPE,
  };
  if (facts.sourceSubject !== null) headers['ce_subject'] = Buffer.from(facts.sourceSubject);
  if (facts.traceparent !== null) headers['traceparent'] = Buffer.from(facts.traceparent);
  return headers;
}

const CE_SPECVERSION = Buffer.from('1.0');
const CE_SOURCE = Buffer.from('/chesanto/communications');
const CE_TYPE = Buffer.from(STATUS_TOPIC);
const CONTENT_TYPE = Buffer.from('application/avro');
