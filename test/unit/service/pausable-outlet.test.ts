import { expect, it } from 'vitest';
import type { Outlet } from '../../../src/delivery/outlet.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createDegradations } from '../../../src/observability/degradations.js';
import { pausableOutlet } from '../../../src/service/pausable-outlet.js';
import type { Pause } from '../../../src/store/pauses.js';

const outlet: Outlet = {
  channel: 'email',
  provider: {
    name: 'smtp',
    connections: { all: 5, forHigh: 2 },
    dropConnections() {},
    close: async () => {},
  },
  prepare: () => () => Promise.reject(new Error('nothing is sent here')),
};
const since = new Date('2026-03-09T05:00:00Z');
const word = (what: string): Pause => ({ what, note: 'a note', by: 'amina', since });

it('gives no leave to send while people have paused it, and tells of every pause there is', () => {
  let held: readonly Pause[] = [word('email'), word('smtp')];
  const { pause, paused } = pausableOutlet(
    outlet,
    createMetrics(),
    createDegradations(() => {}),
    () => held,
  );
  const leave = () => [pause.permit('high', 3).sends, pause.permit('normal', 2).sends];
  expect(leave()).toEqual([0, 0]);
  expect(pause.held()).toBe(true);
  pause.failed(pause.permit('high', 1), 'unreachable');
  // An answer to what was under way ends the provider's own pause, and not that of people.
  expect(paused().map(({ reason, byPeople }) => [reason, byPeople?.what])).toEqual([
    ['held', 'email'],
    ['held', 'smtp'],
    ['unreachable', undefined],
  ]);
  pause.answered();
  expect(leave()).toEqual([0, 0]);
  held = [];
  expect(leave()).toEqual([3, 2]);
  expect(pause.held()).toBe(false);
  expect(paused()).toEqual([]);
});
