import type { TopicLag } from './lag.js';

/** By the topic's name without prefix, as events are counted by: the two are compared. */
export const lagByEvent = (lags: readonly TopicLag[], topicPrefix: string): Record<string, number> =>
  Object.fromEntries(lags.map(({ topic, lag }) => [topic.slice(topicPrefix.length), Number(lag)]));
