import { setTimeout as sleep } from 'node:timers/promises';
import { otp } from '../../test/helpers/sample-events.js';
import type { Bakery } from '../bakery.js';
import { order } from '../orders.js';
import { percentile } from '../percentile.js';
import type { Sink } from '../sink/start-sink.js';

/** Addresses of codes begin so; the mail server keeps when each was accepted. */
export const CODE_PREFIX = 'code';

/** When each code was asked for, by address, in milliseconds since 1970. */
export type AskedAt = Map<string, number>;

/**
 * Asks for codes at an even pace, and between them for orders if `orders` says so, until `until`. Each tenth event is
 * published twice, as modules do that retry.
 * @returns how many e-mails that makes
 */
export async function publishSteadily(
  bakery: Bakery,
  {
    perSecond,
    until,
    orders,
  }: { readonly perSecond: number; readonly until: number; readonly orders: boolean },
  askedAt: AskedAt,
): Promise<number> {
  const began = Date.now();
  const publishing = new Set<Promise<unknown>>();
  let number = 0;
  const publish = (work: Promise<unknown>) => {
    const one = work.finally(() => publishing.delete(one));
    publishing.add(one);
  };
  while (Date.now() < until) {
    await sleep(Math.max(0, began + (number * 1000) / perSecond - Date.now()));
    const id = `soak-${began}-${number}`;
    const twice = number % 10 === 0 ? 2 : 1;
    if (orders && number % 2 === 1) {
      for (let n = 0; n < twice; n++)
        publish(bakery.publisher.publish('order.created', order(number), { id }));
    } else {
      const email = `${CODE_PREFIX}${began}.${number}@example.com`;
      const event = otp({ user: { email } });
      askedAt.set(email, Date.now());
      for (let n = 0; n < twice; n++) publish(bakery.publisher.publish('otp.requested', event, { id }));
    }
    number += 1;
  }
  await Promise.all(publishing);
  return number;
}

/** From publishing to acceptance, in the order of asking. */
export async function codeTimes(sink: Sink, askedAt: AskedAt): Promise<readonly number[]> {
  const accepted = new Map<string, number>();
  for (const [to, at] of (await sink.record()).times) if (!accepted.has(to)) accepted.set(to, at);
  return [...askedAt].flatMap(([email, asked]) => {
    const at = accepted.get(email);
    return at === undefined ? [] : [at - asked];
  });
}

export function timesInWords(times: readonly number[], asked: number): string {
  const [p50, p99, most] = [50, 99, 100].map((percent) => `${Math.round(percentile(times, percent))} ms`);
  return `${times.length.toLocaleString('en')} of ${asked.toLocaleString('en')} codes: p50 ${p50}, p99 ${p99}, longest ${most}`;
}
