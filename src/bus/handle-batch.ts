import type { BusRecord } from './record.js';

/**
 * What became of a chunk: safe in the store, or to be read again after `ms` (or on `wake()`), save for the
 * first `stored` records, which are safe.
 */
export type BatchResult =
  | { readonly kind: 'stored' }
  | { readonly kind: 'wait'; readonly why: string; readonly ms: number; readonly stored?: number };

export interface PartitionInfo {
  readonly topic: string;
  readonly partition: number;
  /** The end of the partition when the records were fetched: the offset after its last record. */
  readonly highWatermark: bigint;
}

/** Gets records of one partition in offset order, at least once. A throw is a wait with a growing back-off. */
export type HandleBatch = (records: readonly BusRecord[], from: PartitionInfo) => Promise<BatchResult>;

/** Told of each throw of a HandleBatch. */
export type OnHandleError = (error: unknown, from: PartitionInfo) => void;
