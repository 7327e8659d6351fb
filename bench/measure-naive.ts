import { z } from 'zod';
import { awaitAll } from './await-all.js';
import { openBakery } from './bakery.js';
import { startChild } from './child.js';
import { watchCpu } from './cpu/cpu-of.js';
import { order } from './orders.js';
import type { NaiveOrder } from './peers/naive-order.js';
import type { Throughput } from './result.js';
import type { Setting } from './setting.js';
import { startSink } from './sink/start-sink.js';

/** The consumer that people write first, on the same orders, all of them in Kafka before it starts. */
export async function measureNaive(
  { variables, programs, events, connections, report }: Setting,
  { name, partitionsAtOnce }: { readonly name: string; readonly partitionsAtOnce: number },
): Promise<Throughput> {
  const bakery = await openBakery(variables);
  report(`${name}: publishing ${events} orders`);
  await bakery.publishMany('order.created', events, order);
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
  try {
    report(`${name}: running`);
    await naive.next();
    const done = await awaitAll({ bakery, sink, events, statuses: events, report });
    const { firstAt } = z.object({ firstAt: z.number() }).parse(await naive.ask('figures'));
    return {
      name,
      events,
      mailedSeconds: (done.lastAt - firstAt) / 1000,
      publishedSeconds: (done.publishedAt - firstAt) / 1000,
      bytesPerMail: done.bytes / done.accepted,
      twice: done.accepted - events,
      cpu: cpu.between(firstAt, done.publishedAt),
      stages: null,
    };
  } finally {
    cpu.stop();
    await naive.end();
    await Promise.all([sink.end(), bakery.close()]);
  }
}
