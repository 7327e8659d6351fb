import { AggregatorRegistry } from 'prom-client';
import type { Counted } from './metrics.js';

/** What several parts of one process count, as if one had counted it all: what bears the same name and labels is added. */
export const sumCounted = (parts: readonly Counted[]): Promise<string> =>
  AggregatorRegistry.aggregate(parts.map((part) => part.map(kept))).metrics();

// prom-client leaves out what makes no sense of several processes, such as the time of the start: here only one part has it.
const kept = (metric: Counted[number]): Counted[number] => ({
  ...metric,
  aggregator: metric.aggregator === 'omit' ? 'first' : metric.aggregator,
});
