import type { ReadStatus } from '../../dev/bakery/status-reader.js';
import type { SinkMessage } from '../helpers/sink-message.js';
import type { SeenEvent, SeenMail, SeenStatus } from './seen.js';

/** Keeps what is seen while a run goes on, and knows which events are still open. */
export interface Ledger {
  readonly events: readonly SeenEvent[];
  readonly mails: readonly SeenMail[];
  readonly statuses: readonly SeenStatus[];
  published(event: SeenEvent): void;
  accepted(mail: SinkMessage): void;
  told(status: ReadStatus): void;
  /** Published, and no subscriber has been told the end of it. */
  readonly open: ReadonlyMap<string, SeenEvent>;
  /** When a subscriber was told the end of an event, by its id. */
  readonly endedAt: ReadonlyMap<string, number>;
  /** When the mail server first accepted the message of an event, by its id; of those that were told of. */
  acceptedAt(): ReadonlyMap<string, number>;
  /** How often each notification was accepted so far. */
  readonly arrivals: ReadonlyMap<string, number>;
}

export function createLedger(): Ledger {
  const events: SeenEvent[] = [];
  const mails: SeenMail[] = [];
  const statuses: SeenStatus[] = [];
  const open = new Map<string, SeenEvent>();
  const endedAt = new Map<string, number>();
  const arrivals = new Map<string, number>();
  return {
    events,
    mails,
    statuses,
    open,
    endedAt,
    arrivals,
    published(event) {
      events.push(event);
      open.set(event.id, event);
    },
    accepted({ notificationId = '(none)', envelope, receivedAt }) {
      mails.push({ notificationId, to: envelope.to, at: receivedAt });
      arrivals.set(notificationId, (arrivals.get(notificationId) ?? 0) + 1);
    },
    told(status) {
      statuses.push({
        notificationId: status.notification_id,
        sourceEventId: status.source_event_id,
        eventId: status.event_id,
        sequence: status.sequence,
        status: status.status,
        settled: status.settled,
        possibleDuplicate: status.possible_duplicate,
        partition: status.partition,
        offset: Number(status.offset),
        readAt: Date.now(),
      });
      if (!status.settled || !open.delete(status.source_event_id)) return;
      endedAt.set(status.source_event_id, Date.now());
    },
    acceptedAt() {
      const eventOf = new Map(statuses.map((one) => [one.notificationId, one.sourceEventId]));
      const first = new Map<string, number>();
      for (const { notificationId, at } of mails) {
        const event = eventOf.get(notificationId);
        if (event !== undefined && !first.has(event)) first.set(event, at);
      }
      return first;
    },
  };
}
