import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Publisher } from '../../dev/bakery/publisher.js';
import type { Events } from '../../src/generated/events.js';
import { invited, order, otp, stockLow } from '../helpers/sample-events.js';
import type { Ledger } from './ledger.js';
import type { Random } from './random.js';

export interface StreamOptions {
  readonly publisher: Publisher;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly perSecond: number;
}

export interface Stream {
  /** So many alerts at once, beside the steady ones. */
  flood(count: number): void;
  /** Resolves when everything published so far is acknowledged. */
  stop(): Promise<void>;
}

const TICK_MS = 50;
const AT_ONCE = 40;
const AGAIN_MS = 200;
const PARTITIONS = 6;
/** Of all events: these come twice under the same id. */
const TWICE = 0.08;

/**
 * Events at an even pace, whatever becomes of them. As a module with an outbox does, it publishes each until the broker
 * has acknowledged it; some twice on purpose, half of those on another partition, so that two instances read them at once.
 */
export function startStream({ publisher, ledger, random, perSecond }: StreamOptions): Stream {
  let running = true;
  let number = 0;
  let item = 0;
  const queue: (() => Promise<void>)[] = [];
  const began = Date.now();
  let dueAt = began;

  const publish = async <N extends keyof Events & string>(
    event: N,
    value: Events[N],
    id: string,
    time: Date,
    partition: number,
  ): Promise<void> => {
    for (;;) {
      try {
        await publisher.publish(event, value, { id, time, partition });
        return;
      } catch {
        // Acknowledged or not, it is published again: what comes twice is one event.
        await sleep(AGAIN_MS);
      }
    }
  };

  const add = <N extends keyof Events & string>(event: N, value: Events[N], recipient: string | null) => {
    const id = randomUUID();
    const partition = random.whole([0, PARTITIONS - 1]);
    ledger.published({ id, type: event, recipient, dueAt });
    const time = new Date(dueAt);
    queue.push(() => publish(event, value, id, time, partition));
    if (random.fraction() >= TWICE) return;
    const other = random.fraction() < 0.5 ? (partition + 1) % PARTITIONS : partition;
    queue.push(() => publish(event, value, id, time, other));
  };

  const alert = () => {
    item += 1;
    // Each its own item, so that none is collapsed.
    add('stock.low', stockLow({ item_id: item }), null);
  };

  const next = () => {
    number += 1;
    dueAt = began + (number * 1000) / perSecond;
    const email = `person${number}@example.com`;
    const draw = random.fraction();
    if (draw < 0.4) add('otp.requested', otp({ user: { email } }), email);
    else if (draw < 0.6) add('order.created', order({ order_id: `o-${number}`, customer: { email } }), email);
    else if (draw < 0.7) add('user.invited', invited({ invitation_id: number, invitee: { email } }), email);
    else alert();
  };

  const pacing = (async () => {
    while (running) {
      while (number < ((Date.now() - began) * perSecond) / 1000) next();
      await sleep(TICK_MS);
    }
  })();
  const publishing = Array.from({ length: AT_ONCE }, async () => {
    while (running || queue.length > 0) {
      const one = queue.shift();
      if (one === undefined) await sleep(TICK_MS / 5);
      else await one();
    }
  });

  return {
    flood(count) {
      dueAt = Date.now();
      for (let n = 0; n < count; n++) alert();
    },
    async stop() {
      running = false;
      await pacing;
      await Promise.all(publishing);
    },
  };
}
