/** One Kafka record as it was read. Values may be anything, headers too. */
export interface BusRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since 1970, from the record. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The first value of each header. */
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** One record to be written. The partition is the caller's: a send never spans partitions. */
export interface OutgoingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, Buffer>>;
}
