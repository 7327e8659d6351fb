import type { Bakery } from './bakery.js';
import { otp } from './sample-events.js';

const AT_ONCE = 50;

/** Codes for as many different people. @returns the event ids */
export async function publishOtps(
  { publisher }: Pick<Bakery, 'publisher'>,
  count: number,
  from = 0,
): Promise<string[]> {
  const ids: string[] = [];
  for (let start = from; start < from + count; start += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, from + count - start) }, (_, n) =>
      publisher.publish('otp.requested', otp({ user: { email: `person${start + n}@example.com` } })),
    );
    ids.push(...(await Promise.all(some)));
  }
  return ids;
}
