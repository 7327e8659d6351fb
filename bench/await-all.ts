import { setTimeout as sleep } from 'node:timers/promises';
import type { Bakery } from './bakery.js';
import type { Report } from './report-line.js';
import type { SinkFigures } from './sink/sink-order.js';
import type { Sink } from './sink/start-sink.js';

const SELDOM_MS = 1_000;
const OFTEN_MS = 25;
const SAY_EVERY_MS = 5_000;
const LIMIT_MS = 600_000;

export interface AllDone extends SinkFigures {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly publishedAt: number;
}

export interface AwaitAllOptions {
  readonly bakery: Bakery;
  readonly sink: Sink;
  readonly events: number;
  readonly statuses: number;
  readonly report: Report;
}

/** Until everybody has their mail and every status is published, counted at the mail server and in the topic. */
export async function awaitAll({
  bakery,
  sink,
  events,
  statuses,
  report,
}: AwaitAllOptions): Promise<AllDone> {
  const began = Date.now();
  let saidAt = began;
  const publishedBefore = await bakery.published('communications.delivery-status');
  for (;;) {
    const figures = await sink.figures();
    const published = await bakery.published('communications.delivery-status');
    const now = Date.now();
    const { firstAt, lastAt } = figures;
    if (figures.addresses >= events && published >= statuses && firstAt !== null && lastAt !== null) {
      return { ...figures, firstAt, lastAt, publishedAt: now };
    }
    const seen = `${figures.addresses} of ${events} mails, ${published} of ${statuses} statuses`;
    if (now - began > LIMIT_MS) throw new Error(`After ${LIMIT_MS / 1000} s there are only ${seen}.`);
    if (now - saidAt >= SAY_EVERY_MS) {
      saidAt = now;
      report(`  ${seen}`);
    }
    // Asking costs processor time too, which the others lack; only the end must be met closely.
    const left = ((statuses - published) * (now - began)) / (published - publishedBefore);
    await sleep(Math.max(OFTEN_MS, Math.min(left / 2, SELDOM_MS)));
  }
}
