import { collectDefaultMetrics, type Registry } from 'prom-client';

/** What Node tells of the whole process; of a thread beside the main one only what is its own, under its name. */
export function defaultMetrics(register: Registry, thread: string | null): void {
  if (thread === null) {
    collectDefaultMetrics({ register });
    return;
  }
  collectDefaultMetrics({ register, labels: { thread } });
  for (const { name } of register.getMetricsAsArray()) {
    if (!THREADS_OWN.test(name)) register.removeSingleMetric(name);
  }
}

const THREADS_OWN = /^nodejs_(?:eventloop|heap|gc|external|active)_/;
