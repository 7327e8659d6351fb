import { randomBytes } from 'node:crypto';
import { order, unreadable } from '../events.js';
import { DEPOT } from '../people.js';
import type { Phase } from '../step.js';

/** Its first byte is none of the wire format's. */
const garbage = (): Buffer => Buffer.concat([Buffer.from([0x7b]), randomBytes(40)]);
const anOrder = order('ORD-2025-0123', DEPOT, []);

export const nobodyCanRead: Phase = {
  caption: 'Trouble: a module publishes what nobody can read',
  steps: [
    unreadable('garbage', 'order.created', garbage, ['dead letter: undecodable']),
    unreadable('no value', 'order.created', () => null, ['dead letter: empty value']),
    unreadable('an order on the wrong topic', 'stock.low', anOrder.value, ['dead letter: schema mismatch']),
    unreadable(
      'other bytes under a used id',
      'order.created',
      anOrder.value,
      ['dead letter: event id conflict'],
      {
        idOf: 'ORD-2025-0118',
      },
    ),
  ],
};
