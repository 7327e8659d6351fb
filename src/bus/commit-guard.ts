/** One membership of the group, from a join to the next rebalance. */
export type Membership = symbol;

/** `lost`: the partition may be someone else's by now; `behind`: at least as much is committed already. */
export type CommitVerdict = 'commit' | 'behind' | 'lost';

export interface CommitGuard {
  joined(assigned: Iterable<readonly [topic: string, partition: number]>): void;
  left(): void;
  current(): Membership | undefined;
  judge(under: Membership, topic: string, partition: number, next: bigint): CommitVerdict;
  committed(under: Membership, topic: string, partition: number, next: bigint): void;
}

/**
 * Keeps commits from going backwards. The broker accepts an offset for a partition that this member no longer
 * owns, and a lower one than before; kafkajs sends both, under whatever generation is current.
 */
export function createCommitGuard(): CommitGuard {
  let membership: Membership | undefined;
  let owned = new Map<string, bigint>();

  return {
    joined(assigned) {
      membership = Symbol('membership');
      owned = new Map([...assigned].map(([topic, partition]) => [keyOf(topic, partition), -1n]));
    },
    left() {
      membership = undefined;
      owned = new Map();
    },
    current: () => membership,
    judge(under, topic, partition, next) {
      const highest = owned.get(keyOf(topic, partition));
      if (under !== membership || highest === undefined) return 'lost';
      return next > highest ? 'commit' : 'behind';
    },
    committed(under, topic, partition, next) {
      const key = keyOf(topic, partition);
      const highest = owned.get(key);
      if (under === membership && highest !== undefined && next > highest) owned.set(key, next);
    },
  };
}

const keyOf = (topic: string, partition: number) => `${topic}/${partition}`;
