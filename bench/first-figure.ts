/**
 * Events per second from Kafka to accepted mails, of one instance with PostgreSQL as durable as in production:
 *
 *     npx tsx bench/first-figure.ts [events, 5000 unless given]
 *
 * All events are in Kafka before the service starts, so nothing waits for a publisher. The mail server is a
 * process of its own. Times of a stage are summed over all that went through it at once, in chunks or one by one,
 * and divided by the events: they show where time goes, and don't add up to the time per event.
 */
import { z } from 'zod';
import { startStack } from '../dev/stack/stack.js';
import { waitingRows } from '../test/helpers/log-reader.js';
import { startServiceProcess } from '../test/helpers/service-process.js';
import { waitFor } from '../test/helpers/wait-for.js';
import { bakeryWithEvents } from './bakery.js';
import { readMetrics } from './read-metrics.js';
import { startSinkProcess } from './sink-process.js';

const STAGES = ['decode', 'store', 'claim', 'render', 'send', 'record', 'publish'] as const;
const CONNECTIONS = [5, 10];
const CPU = 'process_cpu_seconds_total';
const LIMIT_MS = 600_000;

type Row = Readonly<Record<string, string | number>>;

const events = z.coerce
  .number()
  .int()
  .positive()
  .parse(process.argv[2] ?? 5_000);
const stack = await startStack({ parts: ['kafka', 'registry', 'postgres'], durable: true });
try {
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) rows.push(await measure(connections));
  console.log(`\n${events} events, one instance; stages and CPU in microseconds per event`);
  console.table(rows);
} finally {
  await stack.stop();
}

async function measure(connections: number): Promise<Row> {
  const { databaseUrl, environment } = await bakeryWithEvents(stack.variables, events);
  const sink = await startSinkProcess();
  const service = startServiceProcess(
    { environment: { ...environment, ...sink.variables, EMAIL_MAX_CONNECTIONS: String(connections) } },
    { asCommand: true, instance: `bench-${connections}` },
  );
  try {
    await service.ready;
    const readyAt = Date.now();
    const url = `http://127.0.0.1:${z.number().parse(service.logged('ready')[0]?.['port'])}`;
    const before = await readMetrics(url);
    const { firstAt, lastAt } = await waitFor(
      async () => {
        const figures = await sink.figures();
        return figures.accepted >= events && figures;
      },
      { what: `${events} accepted mails`, timeoutMs: LIMIT_MS, everyMs: 100 },
    );
    await waitFor(async () => (await waitingRows(databaseUrl)) === 0, {
      what: 'every status to be published',
      timeoutMs: LIMIT_MS,
      everyMs: 100,
    });
    const publishedAt = Date.now();
    const after = await readMetrics(url);
    const perEvent = (seconds: number) => Math.round((seconds / events) * 1e6);
    const spent = (stage: string) => perEvent(after.get(`comms_stage_seconds_sum{stage="${stage}"}`) ?? 0);
    const start = Math.min(firstAt ?? readyAt, readyAt);
    const perSecond = (end: number) => Math.round(events / ((end - start) / 1000));
    return {
      connections,
      'mails/s': perSecond(lastAt ?? publishedAt),
      'published/s': perSecond(publishedAt),
      ...Object.fromEntries(STAGES.map((stage) => [stage, spent(stage)])),
      // Without what it takes to start.
      cpu: perEvent((after.get(CPU) ?? 0) - (before.get(CPU) ?? 0)),
    };
  } finally {
    await service.kill();
    sink.close();
  }
}
