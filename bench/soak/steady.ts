import { waitFor } from '../../test/helpers/wait-for.js';
import { openBakery } from '../bakery.js';
import { percentile } from '../percentile.js';
import { type Table, tableAsMarkdown } from '../report.js';
import { startSink } from '../sink/start-sink.js';
import { startService } from '../start-service.js';
import { type AskedAt, CODE_PREFIX, codeTimes, publishSteadily, timesInWords } from './codes.js';
import { mermaidCurve } from './curve.js';
import { BRAKE, CONNECTIONS, type EnduranceSetting, type Endured } from './endurance.js';
import { flaggedMessages, wrongNumber } from './flagged-messages.js';
import { type Growth, grewTooMuch, growthOf } from './growth.js';
import { listenerLeak } from './listener-leak.js';
import type { Sample } from './sample.js';
import { watchService } from './watch.js';

export interface SteadyOptions {
  readonly minutes: number;
  readonly perSecond: number;
}

const SAMPLE_EVERY_MS = 5_000;
const SAY_EVERY = 12;
const SETTLED_WITHIN_MS = 60_000;

/** A steady stream for a long time: nothing may grow. */
export async function steadyRun(
  { stack, programs, report }: EnduranceSetting,
  { minutes, perSecond }: SteadyOptions,
): Promise<Endured> {
  const bakery = await openBakery(stack.variables);
  const sink = await startSink(programs, { answerAfterMs: 20, recipients: CODE_PREFIX });
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
      if (watch.samples.length % SAY_EVERY === 0) report(inWords(sample));
    },
  );
  try {
    report(`steady: ${perSecond} events a second for ${minutes} minutes`);
    const until = Date.now() + minutes * 60_000;
    const messages = await publishSteadily(bakery, { perSecond, until, orders: true }, askedAt);
    await waitFor(async () => (await sink.figures()).addresses >= messages, {
      what: 'all e-mails to be accepted',
      timeoutMs: SETTLED_WITHIN_MS,
      everyMs: 200,
    });
    await watch.stop();
    const { accepted } = await sink.figures();
    const flagged = await flaggedMessages(bakery);
    const times = await codeTimes(sink, askedAt);
    const growth = growthOf(watch.samples);
    const problems = growth
      .filter(grewTooMuch)
      .map(({ what, first, last }) => `${what} grew from ${first} to ${last}`);
    const leak = await listenerLeak(service.logFile);
    if (leak !== null) problems.push(`listeners grew in number: ${leak}`);
    const wrong = wrongNumber(messages, accepted, flagged);
    if (wrong !== null) problems.push(wrong);
    if (times.length !== askedAt.size) problems.push(`${askedAt.size - times.length} codes did not arrive`);
    if (watch.missed() > 0) problems.push(`/metrics gave no answer ${watch.missed()} times`);
    return {
      text: asText(
        { minutes, perSecond, messages, accepted, flagged, times, growth },
        askedAt.size,
        watch.samples,
      ),
      problems,
    };
  } finally {
    await watch.stop();
    await service.stop();
    await Promise.all([sink.end(), bakery.close()]);
  }
}

const inWords = ({ at, heapMb, residentMb, sockets, store }: Sample): string =>
  `  ${Math.round(at / 60)} min: heap ${Math.round(heapMb)} MB, memory ${Math.round(residentMb)} MB, ` +
  `${sockets} sockets, ${store?.waiting ?? '?'} waiting, queue tables ${store?.queueMb.toFixed(1) ?? '?'} MB`;

interface Figures extends SteadyOptions {
  readonly messages: number;
  readonly accepted: number;
  readonly flagged: number;
  readonly times: readonly number[];
  readonly growth: readonly Growth[];
}

function asText(
  { minutes, perSecond, messages, accepted, flagged, times, growth }: Figures,
  asked: number,
  samples: readonly Sample[],
) {
  const lowest = (values: readonly number[]) => Math.min(...values);
  const most = (values: readonly number[]) => Math.max(...values);
  return `${perSecond} events a second for ${minutes} minutes, half codes, half orders, each tenth published twice; the mail server
answers after 20 ms. ${messages.toLocaleString('en')} e-mails were due, ${accepted.toLocaleString('en')} were accepted; ${flagged} say that they may have gone out twice.
From publishing to acceptance, ${timesInWords(times, asked)}.

${tableAsMarkdown(growthTable(growth))}

${mermaidCurve({ title: 'Heap, lowest of each stretch', unit: 'MB', values: samples.map(({ heapMb }) => heapMb), as: lowest }, minutes)}

${mermaidCurve({ title: 'Memory of the process', unit: 'MB', values: samples.map(({ residentMb }) => residentMb), as: most }, minutes)}

${mermaidCurve({ title: 'Tables of the queue', unit: 'MB', values: samples.map(({ store }) => store?.queueMb ?? 0), as: most }, minutes)}

${mermaidCurve({ title: 'A code, from publishing to acceptance: p99', unit: 'ms', values: times, as: (some) => percentile(some, 99) }, minutes)}
`;
}

function growthTable(growth: readonly Growth[]): Table {
  const figure = (value: number, unit: string) => `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`.trim();
  return {
    head: ['', 'at the beginning', 'at the end', 'most', 'may grow by'],
    rows: growth.map(({ what, unit, first, last, max, allowed }) => [
      what,
      figure(first, unit),
      figure(last, unit),
      figure(max, unit),
      figure(allowed, unit),
    ]),
  };
}
