import { z } from 'zod';
import { select } from '../test/helpers/select.js';
import { type Bakery, openBakery } from './bakery.js';
import { watchCpu } from './cpu/cpu-of.js';
import { readMetrics } from './read-metrics.js';
import type { Throughput } from './result.js';
import { runOrders, warmUp } from './run-orders.js';
import type { Setting } from './setting.js';
import { startSink } from './sink/start-sink.js';
import { startService } from './start-service.js';

// QUEUED and SENT.
const STATUSES_EACH = 2;
const SCRAPE_EVERY_MS = 5_000;

/** The whole service. @returns also one of its mails, for the bare client */
export async function measureOurs(
  setting: Setting,
): Promise<{ readonly figures: Throughput; readonly mail: Buffer }> {
  const { variables, programs, events, profile } = setting;
  const bakery = await openBakery(variables);
  const sink = await startSink(programs);
  const service = await startService(bakery, programs, {
    ...setting,
    profileTo: profile,
    smtpPort: sink.port,
  });
  const cpu = watchCpu({ service: service.pid, sink: sink.pid });
  // Three times as often as our Prometheus.
  const scraping = setInterval(() => void readMetrics(service.url).catch(() => undefined), SCRAPE_EVERY_MS);
  const options = { name: 'ours', bakery, sink, setting, statusesEach: STATUSES_EACH };
  try {
    const warm = await warmUp(options);
    const before = await stageSeconds(service.url);
    const { startedAt, mailedAt, publishedAt, ...counted } = await runOrders(options, warm);
    const messages = await sentMessages(bakery);
    if (messages !== warm.orders + events) {
      throw new Error(`Of ${warm.orders + events} messages the log has only ${messages} as sent.`);
    }
    const after = await stageSeconds(service.url);
    const figures = {
      name: 'ours',
      events,
      mailedSeconds: (mailedAt - startedAt) / 1000,
      publishedSeconds: (publishedAt - startedAt) / 1000,
      ...counted,
      cpu: cpu.between(startedAt, publishedAt),
      stages: Object.fromEntries(
        Object.entries(after).map(([stage, seconds]) => [stage, seconds - (before[stage] ?? 0)]),
      ),
    };
    return { figures, mail: Buffer.from((await sink.record()).sample, 'base64') };
  } finally {
    clearInterval(scraping);
    cpu.stop();
    await service.stop();
    await Promise.all([sink.end(), bakery.close()]);
  }
}

async function sentMessages({ databaseUrl }: Bakery): Promise<number> {
  const [row] = await select(
    databaseUrl,
    z.object({ messages: z.number() }),
    `SELECT count(*)::int AS messages FROM communications_email_log WHERE last_status = 'SENT'`,
  );
  return row?.messages ?? 0;
}

async function stageSeconds(url: string): Promise<Readonly<Record<string, number>>> {
  const stages = [...(await readMetrics(url))].flatMap(([series, seconds]) => {
    const stage = /^comms_stage_seconds_sum\{stage="(\w+)"\}$/.exec(series)?.[1];
    return stage === undefined ? [] : [[stage, seconds] as const];
  });
  return Object.fromEntries(stages);
}
