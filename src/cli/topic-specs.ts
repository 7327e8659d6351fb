import type { TopicSpec } from '../bus/topics.js';
import type { Contracts } from '../contracts/contract.js';
import { DEAD_LETTER_TOPIC } from '../intake/dead-letter.js';

const DAY_MS = 86_400_000;
const PARTITIONS = 6;

/** Every topic this service reads or writes. What holds secrets stays no longer than a day. */
export function topicSpecs(contracts: Contracts, topicPrefix: string): readonly TopicSpec[] {
  const ours = { partitions: PARTITIONS, cleanup: 'delete', retentionMs: 30 * DAY_MS } as const;
  const specs = contracts.all.map(({ topic, kind, hasSecret }): TopicSpec => {
    const name = `${topicPrefix}${topic}`;
    if (kind === 'published') return { name, ...ours };
    const days = hasSecret ? 1 : 7;
    return {
      name,
      partitions: PARTITIONS,
      cleanup: kind === 'state' ? 'compact' : 'delete',
      retentionMs: days * DAY_MS,
    };
  });
  return [...specs, { name: `${topicPrefix}${DEAD_LETTER_TOPIC}`, ...ours }];
}
