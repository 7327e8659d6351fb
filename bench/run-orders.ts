import { setTimeout as sleep } from 'node:timers/promises';
import { awaitAll } from './await-all.js';
import type { Bakery } from './bakery.js';
import { order } from './orders.js';
import type { Setting } from './setting.js';
import type { SinkFigures } from './sink/sink-order.js';
import type { Sink } from './sink/start-sink.js';

const SETTLE_MS = 500;

export interface OrdersOptions {
  readonly name: string;
  readonly bakery: Bakery;
  readonly sink: Sink;
  readonly setting: Pick<Setting, 'events' | 'warmUp' | 'report'>;
  /** How many statuses each order leads to. */
  readonly statusesEach: number;
}

/** Times in milliseconds since 1970. */
export interface OrdersRun {
  /** When the broker had answered that all orders can be read. */
  readonly startedAt: number;
  readonly mailedAt: number;
  readonly publishedAt: number;
  readonly bytesPerMail: number;
  /** Mails that went to somebody who had theirs. */
  readonly twice: number;
}

/**
 * Orders that don't count, to their end: a service runs for weeks, and what Node has not compiled yet after its first
 * thousand messages says nothing of it.
 */
export async function warmUp({
  name,
  bakery,
  sink,
  setting,
  statusesEach,
}: OrdersOptions): Promise<SinkFigures> {
  const { warmUp: events, report } = setting;
  report(`${name}: ${events} orders to warm up`);
  await bakery.publishMany('order.created', events, order);
  return awaitAll({ bakery, sink, events, statuses: statusesEach * events, report });
}

/** The orders that count: all are in Kafka before any of them can be read. */
export async function runOrders(
  { name, bakery, sink, setting, statusesEach }: OrdersOptions,
  warm: SinkFigures,
): Promise<OrdersRun> {
  const { warmUp: before, events, report } = setting;
  report(`${name}: publishing ${events} orders`);
  const reveal = await bakery.publishUnseen('order.created', { from: before, count: events }, order);
  // Publishing is not what is measured.
  await sleep(SETTLE_MS);
  const startedAt = await reveal();
  report(`${name}: running`);
  const all = before + events;
  const done = await awaitAll({ bakery, sink, events: all, statuses: statusesEach * all, report });
  return {
    startedAt,
    mailedAt: done.lastAt,
    publishedAt: done.publishedAt,
    bytesPerMail: (done.bytes - warm.bytes) / (done.accepted - warm.accepted),
    twice: done.accepted - all,
  };
}
