import type { BusRecord } from '../bus/record.js';
import { believableTime, recordTime } from './record-time.js';

/** What an event says of itself, CloudEvents 1.0 in Kafka's binary mode; what is missing comes from the record. */
export interface EventIdentity {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** Never more than a day ahead: how long a message may wait counts from it. */
  readonly time: Date;
  readonly subject: string | null;
  readonly traceparent: string | null;
}

/** W3C Trace Context, version 00. Anything else isn't handed on. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
/** RFC 3339, with a zone: a time without one is nobody's time. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** @param event the topic without prefix */
export function eventIdentity(record: BusRecord, event: string, now = new Date()): EventIdentity {
  const header = (name: string) => record.headers[name]?.toString('utf8') || null;
  const traceparent = header('traceparent');
  const fallback = `${event}/${record.partition}/${record.offset}@${record.timestamp}`;
  return {
    source: header('ce_source') ?? `/unknown/${event}`,
    id: header('ce_id') ?? fallback,
    type: header('ce_type') ?? event,
    time: believableTime(eventTime(header('ce_time')) ?? recordTime(record), now),
    subject: header('ce_subject'),
    traceparent: traceparent !== null && TRACEPARENT.test(traceparent) ? traceparent : null,
  };
}

function eventTime(text: string | null): Date | null {
  if (text === null || !RFC_3339.test(text)) return null;
  const time = new Date(text.replace(' ', 'T'));
  return Number.isNaN(time.getTime()) ? null : time;
}
