/** What an event says of itself. */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: Date;
  readonly subject: string | null;
}

/** CloudEvents 1.0, Kafka binary mode. */
export const cloudEventHeaders = ({
  id,
  source,
  type,
  time,
  subject,
}: CloudEvent): Record<string, string> => ({
  ce_specversion: '1.0',
  ce_id: id,
  ce_source: source,
  ce_type: type,
  ce_time: time.toISOString(),
  'content-type': 'application/avro',
  ...(subject !== null && { ce_subject: subject }),
});
