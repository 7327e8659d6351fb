import { expect, it } from 'vitest';
import { lagByEvent } from '../../../src/bus/lag-by-event.js';

const of = (topic: string, lag: bigint) => ({ topic, lag, missing: false, partitions: [] });

it('names topics as the events that are read of them', () => {
  expect(lagByEvent([of('staging.otp.requested', 7n), of('staging.order.created', 0n)], 'staging.')).toEqual({
    'otp.requested': 7,
    'order.created': 0,
  });
  expect(lagByEvent([of('otp.requested', 7n)], '')).toEqual({ 'otp.requested': 7 });
});
