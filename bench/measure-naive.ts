import { openBakery } from './bakery.js';
import { startChild } from './child.js';
import { watchCpu } from './cpu/cpu-of.js';
import type { NaiveOrder } from './peers/naive-order.js';
import type { Throughput } from './result.js';
import { runOrders, warmUp } from './run-orders.js';
import type { Setting } from './setting.js';
import { startSink } from './sink/start-sink.js';

/** The consumer that people write first, on the same orders. */
export async function measureNaive(
  setting: Setting,
  { name, partitionsAtOnce }: { readonly name: string; readonly partitionsAtOnce: number },
): Promise<Throughput> {
  const { variables, programs, events, connections } = setting;
  const bakery = await openBakery(variables);
  const sink = await startSink(programs);
  const { brokers, registryUrl, topicPrefix, databaseUrl } = bakery;
  const naive = startChild(programs.of('bench/peers/naive-consumer-main.ts'), {
    brokers,
    registryUrl,
    topicPrefix,
    databaseUrl,
    smtpPort: sink.port,
    connections,
    partitionsAtOnce,
  } satisfies NaiveOrder);
  const cpu = watchCpu({ service: naive.pid, sink: sink.pid });
  const options = { name, bakery, sink, setting, statusesEach: 1 };
  try {
    await naive.next();
    const { startedAt, mailedAt, publishedAt, ...counted } = await runOrders(options, await warmUp(options));
    return {
      name,
      events,
      mailedSeconds: (mailedAt - startedAt) / 1000,
      publishedSeconds: (publishedAt - startedAt) / 1000,
      ...counted,
      cpu: cpu.between(startedAt, publishedAt),
      stages: null,
    };
  } finally {
    cpu.stop();
    await naive.end();
    await Promise.all([sink.end(), bakery.close()]);
  }
}
