import { z } from 'zod';
import { select } from '../test/helpers/select.js';
import { awaitAll } from './await-all.js';
import { type Bakery, openBakery } from './bakery.js';
import { watchCpu } from './cpu/cpu-of.js';
import { order } from './orders.js';
import { readMetrics } from './read-metrics.js';
import type { Throughput } from './result.js';
import type { Setting } from './setting.js';
import { startSink } from './sink/start-sink.js';
import { startService } from './start-service.js';

// QUEUED and SENT.
const STATUSES_EACH = 2;
const SCRAPE_EVERY_MS = 1_000;

/** The whole service, all events being in Kafka before it starts. @returns also one of its mails, for the bare client */
export async function measureOurs(
  setting: Setting,
): Promise<{ readonly figures: Throughput; readonly mail: Buffer }> {
  const { variables, programs, events, report } = setting;
  const bakery = await openBakery(variables);
  report(`ours: publishing ${events} orders`);
  await bakery.publishMany('order.created', events, order);
  const sink = await startSink(programs);
  const service = await startService(bakery, programs, {
    ...setting,
    profileTo: setting.profile,
    smtpPort: sink.port,
  });
  const cpu = watchCpu({ service: service.pid, sink: sink.pid });
  // As Prometheus would, if in a hurry.
  const scraping = setInterval(() => void readMetrics(service.url).catch(() => undefined), SCRAPE_EVERY_MS);
  try {
    report('ours: running');
    const done = await awaitAll({ bakery, sink, events, statuses: STATUSES_EACH * events, report });
    const { firstStoredAt, messages } = await readDatabase(bakery);
    const startedAt = Math.min(firstStoredAt, service.readyAt);
    if (messages !== events) throw new Error(`Of ${events} messages the log has only ${messages} as sent.`);
    const figures = {
      name: 'ours',
      events,
      mailedSeconds: (done.lastAt - startedAt) / 1000,
      publishedSeconds: (done.publishedAt - startedAt) / 1000,
      bytesPerMail: done.bytes / done.accepted,
      twice: done.accepted - events,
      cpu: cpu.between(startedAt, done.publishedAt),
      stages: await stageSeconds(service.url),
    };
    return { figures, mail: Buffer.from((await sink.record()).sample, 'base64') };
  } finally {
    clearInterval(scraping);
    cpu.stop();
    await service.stop();
    await Promise.all([sink.end(), bakery.close()]);
  }
}

/** The first record was read at the latest when it was stored. */
async function readDatabase({ databaseUrl }: Bakery) {
  const [row] = await select(
    databaseUrl,
    z.object({ firstStoredAt: z.number(), messages: z.number() }),
    `SELECT (SELECT extract(epoch FROM min(received_at)) * 1000 FROM communications_inbox)::float AS "firstStoredAt",
            (SELECT count(*) FROM communications_email_log WHERE last_status = 'SENT')::int AS messages`,
  );
  if (row === undefined) throw new Error('nothing was stored');
  return row;
}

async function stageSeconds(url: string): Promise<Readonly<Record<string, number>>> {
  const stages = [...(await readMetrics(url))].flatMap(([series, seconds]) => {
    const stage = /^comms_stage_seconds_sum\{stage="(\w+)"\}$/.exec(series)?.[1];
    return stage === undefined ? [] : [[stage, seconds] as const];
  });
  return Object.fromEntries(stages);
}
