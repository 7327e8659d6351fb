/** What waits in the outbox for the bus. */
export interface OutboxMessage {
  /** Without KAFKA_TOPIC_PREFIX. */
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer;
  /** The record's schema subject, without prefix, if the value is an Avro body that still wants its frame. */
  readonly subject: string | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}
