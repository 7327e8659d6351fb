import type { Admin, Kafka } from 'kafkajs';
import { existingTopics } from './existing-topics.js';
import { withAdmin } from './with-admin.js';

/** One end of a range: by the time of the records, or by their place in one partition. */
export type Bound =
  | { readonly kind: 'time'; readonly at: Date }
  | { readonly kind: 'offset'; readonly offset: bigint };

export interface WantedRange {
  /** The first that is wanted. */
  readonly from: Bound;
  /** The last that is wanted if it is an offset, the first that is not if it is a time; null: all that is there now. */
  readonly to: Bound | null;
  /** Null: all of them. */
  readonly partition: number | null;
}

/** What of one partition is to be read. */
export interface RangePart {
  readonly partition: number;
  readonly from: bigint;
  /** The offset after the last. */
  readonly to: bigint;
  /** The first that Kafka still has. */
  readonly first: bigint;
}

export interface FoundRange {
  /** How many the topic has. */
  readonly partitions: number;
  /** By partition; empty ones too. */
  readonly parts: readonly RangePart[];
}

/** Where a range begins and ends as of now. Undefined: there is no such topic. */
export const findRange = (
  kafka: Kafka,
  topic: string,
  { from, to, partition }: WantedRange,
): Promise<FoundRange | undefined> =>
  withAdmin(kafka, async (admin) => {
    const partitions = (await existingTopics(admin, [topic])).get(topic);
    if (partitions === undefined) return undefined;
    const begin = await offsetsAt(admin, topic, from);
    const end = to === null ? null : await offsetsAt(admin, topic, to);
    // Last, so that what came meanwhile is after the end.
    const kept = await admin.fetchTopicOffsets(topic);
    const parts = kept
      .filter((one) => partition === null || one.partition === partition)
      .map(({ partition: number, low, high }) => {
        const [first, last] = [BigInt(low), BigInt(high)];
        const start = within(begin(number), first, last);
        // An offset is named to be among them; the records of a time are not.
        const after = end === null ? last : end(number) + (to?.kind === 'offset' ? 1n : 0n);
        return { partition: number, from: start, to: within(after, start, last), first };
      })
      .sort((one, other) => one.partition - other.partition);
    return { partitions, parts };
  });

const within = (offset: bigint, least: bigint, most: bigint): bigint =>
  offset < least ? least : offset > most ? most : offset;

async function offsetsAt(admin: Admin, topic: string, bound: Bound): Promise<(partition: number) => bigint> {
  if (bound.kind === 'offset') return () => bound.offset;
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, bound.at.getTime());
  const offsets = new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
  return (partition) => offsets.get(partition) ?? 0n;
}
