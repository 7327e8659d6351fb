import { CHANNELS } from '../domain/channel.js';
import type { NotificationFacts } from '../domain/notification.js';
import { PRIORITIES } from '../domain/priority.js';
import {
  booleanOf,
  bytesOf,
  instantOf,
  numberOf,
  objectOf,
  oneOf,
  type Row,
  textOf,
  textOrNull,
} from './columns.js';

/** A notification on its way, as claimed or swept. */
export interface DeliveryRow {
  readonly notification_id: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  /** Attempts claimed so far, this one included. */
  readonly attempt: number;
  readonly template: string;
  readonly provider: string;
  readonly recipient: string;
  readonly sealed: Buffer;
  readonly status_facts: NotificationFacts;
  /** The last sequence that was given out. */
  readonly sequence: number;
  readonly possible_duplicate: boolean;
  /** Of this claim alone: whoever names it speaks of no other. Null: nobody's. */
  readonly claim_id: string | null;
}

export const deliveryRow = {
  /** @throws TypeError */
  parse: (row: Row): DeliveryRow => ({
    notification_id: textOf(row, 'notification_id'),
    created_at: instantOf(row, 'created_at'),
    expires_at: instantOf(row, 'expires_at'),
    attempt: numberOf(row, 'attempt'),
    template: textOf(row, 'template'),
    provider: textOf(row, 'provider'),
    recipient: textOf(row, 'recipient'),
    sealed: bytesOf(row, 'sealed'),
    status_facts: factsOf(objectOf(row, 'status_facts')),
    sequence: numberOf(row, 'sequence'),
    possible_duplicate: booleanOf(row, 'possible_duplicate'),
    claim_id: textOrNull(row, 'claim_id'),
  }),
};

/** They come back from jsonb as they were written, by this service alone: the shape is checked once more. */
const factsOf = (facts: Row): NotificationFacts => ({
  channel: oneOf(facts, 'channel', CHANNELS),
  priority: oneOf(facts, 'priority', PRIORITIES),
  module: textOf(facts, 'module'),
  rule: textOf(facts, 'rule'),
  template: textOf(facts, 'template'),
  templateVersion: numberOf(facts, 'templateVersion'),
  recipientId: textOrNull(facts, 'recipientId'),
  recipientMasked: textOrNull(facts, 'recipientMasked'),
  sourceEventId: textOf(facts, 'sourceEventId'),
  sourceEventSource: textOf(facts, 'sourceEventSource'),
  sourceEventType: textOf(facts, 'sourceEventType'),
  sourceTopic: textOf(facts, 'sourceTopic'),
  sourcePartition: numberOf(facts, 'sourcePartition'),
  sourceOffset: textOf(facts, 'sourceOffset'),
  sourceSubject: textOrNull(facts, 'sourceSubject'),
  traceparent: textOrNull(facts, 'traceparent'),
  eventTime: numberOf(facts, 'eventTime'),
});

export const DELIVERY_COLUMNS = `d.notification_id, d.created_at, d.expires_at, d.attempt, d.template_path AS template, d.provider, d.recipient,
  d.sealed, d.status_facts, d.sequence, d.possible_duplicate, d.claim_id`;
