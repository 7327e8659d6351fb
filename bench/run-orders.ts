import { setTimeout as sleep } from 'node:timers/promises';
import { awaitAll } from './await-all.js';
import type { Bakery } from './bakery.js';
import { order } from './orders.js';
import type { Setting } from './setting.js';
import type { SinkFigures } from './sink/sink-order.js';
import type { Sink } from './sink/start-sink.js';

const SETTLE_MS = 500;
/** So that nobody waits for orders, and the slowest is done with them soon. */
const WAITING_ORDERS = 500;
const LOOK_EVERY_MS = 50;

export interface OrdersOptions {
  readonly name: string;
  readonly bakery: Bakery;
  readonly sink: Sink;
  readonly setting: Pick<Setting, 'events' | 'warmUpSeconds' | 'report'>;
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

/** What a consumer had before the orders that count. */
export interface WarmUp extends SinkFigures {
  readonly orders: number;
}

/**
 * Orders that don't count, always some of them waiting, for so long and then to their end: a service runs for weeks, and
 * what Node is still compiling says nothing of it. The same time for each, not the same number: compiling takes time, most
 * where there is most of it.
 */
export async function warmUp({ name, bakery, sink, setting, statusesEach }: OrdersOptions): Promise<WarmUp> {
  const { warmUpSeconds: seconds, report } = setting;
  report(`${name}: warming up for ${seconds} s`);
  const end = performance.now() + seconds * 1000;
  let orders = 0;
  while (performance.now() < end) {
    const { addresses } = await sink.figures();
    if (orders - addresses >= WAITING_ORDERS) await sleep(LOOK_EVERY_MS);
    else {
      await bakery.publishMany('order.created', { from: orders, count: WAITING_ORDERS }, order);
      orders += WAITING_ORDERS;
    }
  }
  const done = await awaitAll({ bakery, sink, events: orders, statuses: statusesEach * orders, report });
  return { ...done, orders };
}

/** The orders that count: all are in Kafka before any of them can be read. */
export async function runOrders(
  { name, bakery, sink, setting, statusesEach }: OrdersOptions,
  warm: WarmUp,
): Promise<OrdersRun> {
  const { events, report } = setting;
  report(`${name}: publishing ${events} orders`);
  const reveal = await bakery.publishUnseen('order.created', { from: warm.orders, count: events }, order);
  // Publishing is not what is measured.
  await sleep(SETTLE_MS);
  const startedAt = await reveal();
  report(`${name}: running`);
  const all = warm.orders + events;
  const done = await awaitAll({ bakery, sink, events: all, statuses: statusesEach * all, report });
  return {
    startedAt,
    mailedAt: done.lastAt,
    publishedAt: done.publishedAt,
    bytesPerMail: (done.bytes - warm.bytes) / (done.accepted - warm.accepted),
    twice: done.accepted - all,
  };
}
