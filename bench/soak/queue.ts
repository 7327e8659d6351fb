import { z } from 'zod';
import { profile, stockLow } from '../../test/helpers/sample-events.js';
import { select } from '../../test/helpers/select.js';
import { waitFor } from '../../test/helpers/wait-for.js';
import { type Bakery, openBakery } from '../bakery.js';
import { tableAsMarkdown } from '../report.js';
import { startSink } from '../sink/start-sink.js';
import { startService } from '../start-service.js';
import { type AskedAt, CODE_PREFIX, codeTimes, publishSteadily, timesInWords } from './codes.js';
import { BRAKE, CONNECTIONS, type EnduranceSetting, type Endured } from './endurance.js';
import type { Sample } from './sample.js';
import { watchService } from './watch.js';

export interface QueueOptions {
  readonly messages: number;
  /** For how long codes are asked for behind them. */
  readonly seconds: number;
}

const SAMPLE_EVERY_MS = 5_000;
const SAY_EVERY = 4;
// The connections that are kept for them take three a second.
const CODES_PER_SECOND = 2;
/** So few a second that intake alone decides: at the least. */
const SLOWEST_INTAKE = 200;
/** What a message more in the queue may cost in memory: nothing, but for noise. */
const HEAP_MAY_GROW_MB = 60;
const CODE_P99_MS = 1_000;

/** Very many messages wait: memory must not depend on how many, and a code must not wait for them. */
export async function queueRun(
  { stack, programs, report }: EnduranceSetting,
  { messages, seconds }: QueueOptions,
): Promise<Endured> {
  const bakery = await openBakery(stack.variables);
  report(`queue: publishing ${messages} alerts`);
  await bakery.publishMany('profile.updated', { from: 0, count: 1 }, () =>
    profile({ user_id: 7, role: 'PRODUCT_MANAGER' }),
  );
  await bakery.publishMany('stock.low', { from: 0, count: messages }, (item) => stockLow({ item_id: item }));
  // So slow that they stay in the queue.
  const sink = await startSink(programs, { answerAfterMs: 1_000, recipients: CODE_PREFIX });
  const service = await startService(bakery, programs, {
    connections: CONNECTIONS,
    brake: BRAKE,
    smtpPort: sink.port,
  });
  const askedAt: AskedAt = new Map();
  const watch = watchService(
    { url: service.url, databaseUrl: bakery.databaseUrl },
    SAMPLE_EVERY_MS,
    (sample) => {
      if (watch.samples.length % SAY_EVERY === 0) report(`  ${rowOf(sample).join(', ')}`);
    },
  );
  try {
    const began = Date.now();
    await waitFor(async () => (await stored(bakery)) >= messages, {
      what: 'all alerts to be stored',
      timeoutMs: (messages / SLOWEST_INTAKE) * 1_000 + 60_000,
      everyMs: 1_000,
    });
    const intakeSeconds = (Date.now() - began) / 1_000;
    report(
      `queue: stored in ${Math.round(intakeSeconds)} s; ${CODES_PER_SECOND} codes a second for ${seconds} s`,
    );
    const until = Date.now() + seconds * 1_000;
    const asked = await publishSteadily(
      bakery,
      { perSecond: CODES_PER_SECOND, until, orders: false },
      askedAt,
    );
    await waitFor(async () => (await codeTimes(sink, askedAt)).length >= asked, {
      what: 'the codes to be accepted',
      timeoutMs: 60_000,
      everyMs: 200,
    });
    await watch.stop();
    return judged({ messages, intakeSeconds, times: await codeTimes(sink, askedAt), asked }, watch.samples);
  } finally {
    await watch.stop();
    await service.stop();
    await Promise.all([sink.end(), bakery.close()]);
  }
}

interface Figures {
  readonly messages: number;
  readonly intakeSeconds: number;
  readonly times: readonly number[];
  readonly asked: number;
}

function judged({ messages, intakeSeconds, times, asked }: Figures, samples: readonly Sample[]): Endured {
  const steps = [0.1, 0.25, 0.5, 0.75, 1].map((share) => sampleAt(samples, share));
  const most = Math.max(...samples.map(({ residentMb }) => residentMb));
  const [early, full] = [steps[0], steps.at(-1)];
  const problems: string[] = [];
  if (early !== undefined && full !== undefined && full.heapMb - early.heapMb > HEAP_MAY_GROW_MB) {
    problems.push(`the heap grew with the queue, from ${early.heapMb} to ${full.heapMb} MB`);
  }
  const late =
    times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
  if (late > CODE_P99_MS + 1_000) problems.push(`codes took ${late} ms behind the queue (p99)`);
  const table = {
    head: ['minutes', 'waiting', 'heap MB', 'memory MB', 'database MB'],
    rows: steps.map(rowOf),
  };
  const text = `${messages.toLocaleString('en')} stock alerts to one product manager, while the mail server answers each message after a second.
They were taken in within ${Math.round(intakeSeconds)} s. The heap is the lowest of half a minute; memory was never above ${Math.round(most)} MB.

${tableAsMarkdown(table)}

Behind them, ${CODES_PER_SECOND} codes a second, from publishing to acceptance: ${timesInWords(times, asked)}, of which the
mail server takes 1,000.
`;
  return { text, problems };
}

/** The sample when so much of the run was over, its heap the lowest around it. */
function sampleAt(samples: readonly Sample[], share: number): Sample {
  const at = Math.min(samples.length - 1, Math.floor(samples.length * share));
  const around = samples.slice(Math.max(0, at - 3), at + 4);
  const sample = samples[at];
  if (sample === undefined) throw new RangeError('there are no samples');
  return { ...sample, heapMb: Math.min(...around.map(({ heapMb }) => heapMb)) };
}

const rowOf = ({ at, heapMb, residentMb, store }: Sample) => [
  (at / 60).toFixed(1),
  (store?.waiting ?? 0).toLocaleString('en'),
  Math.round(heapMb),
  Math.round(residentMb),
  Math.round(store?.databaseMb ?? 0).toLocaleString('en'),
];

async function stored({ databaseUrl }: Bakery): Promise<number> {
  const sql = `SELECT count(*)::int AS rows FROM communications_inbox WHERE event_type = 'stock.low'`;
  return (await select(databaseUrl, z.object({ rows: z.number() }), sql))[0]?.rows ?? 0;
}
