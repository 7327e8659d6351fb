import type { Channel } from './channel.js';
import type { OutboxMessage } from './outbox-message.js';
import type { Priority } from './priority.js';
import type { Reason } from './reason.js';
import type { Status } from './status.js';

/** What every status of one notification repeats. Kept with the delivery row; holds nothing secret. */
export interface NotificationFacts {
  readonly channel: Channel;
  readonly priority: Priority;
  readonly module: string;
  /** `<module>/<rule>` */
  readonly rule: string;
  /** The log identifier: auth_otp. */
  readonly template: string;
  readonly templateVersion: number;
  readonly recipientId: string | null;
  readonly recipientMasked: string | null;
  readonly sourceEventId: string;
  readonly sourceEventSource: string;
  readonly sourceEventType: string;
  /** With KAFKA_TOPIC_PREFIX: together with partition and offset it names a record. */
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: string;
  readonly sourceSubject: string | null;
  readonly traceparent: string | null;
  /** Milliseconds since 1970: when it happened in the bakery, for the time from event to accepted. */
  readonly eventTime: number;
}

/** One step in the life of a notification. */
export interface StatusChange {
  readonly notificationId: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly status: Status;
  readonly settled: boolean;
  readonly occurredAt: Date;
  readonly reason: Reason | null;
  readonly provider: string | null;
  readonly providerMessageId: string | null;
  /** Attempts made so far. */
  readonly attempt: number;
  readonly possibleDuplicate: boolean;
}

/** A status as it goes to the bus: schemas/communications/delivery-status.avsc. */
export type EncodeStatus = (facts: NotificationFacts, change: StatusChange) => OutboxMessage;
