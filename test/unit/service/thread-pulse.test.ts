import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { deferred } from '../../../src/domain/deferred.js';
import { watchPulse } from '../../../src/service/bus-side/thread-pulse.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watched(ask: () => Promise<unknown>): { readonly dead: string[]; readonly stop: () => void } {
  const dead: string[] = [];
  const { stop } = watchPulse(100, ask, (why) => dead.push(why));
  return { dead, stop };
}

it('takes a thread that has answered before for dead after six questions in vain, and says so once', async () => {
  let answers = true;
  const { dead } = watched(() => (answers ? Promise.resolve() : new Promise(() => {})));
  await vi.advanceTimersByTimeAsync(1_000);
  answers = false;
  await vi.advanceTimersByTimeAsync(600);
  expect(dead).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(dead).toEqual(['has not answered for 0.6 s']);
});

it('waits four times as long for one that is still loading', async () => {
  const { dead } = watched(() => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(2_400);
  expect(dead).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  expect(dead).toEqual(['has not answered for 2.4 s']);
});

it('forgives a thread that is late', async () => {
  let late = deferred<void>();
  const { dead } = watched(() => late.promise);
  late.resolve();
  await vi.advanceTimersByTimeAsync(100);
  for (let round = 0; round < 5; round += 1) {
    late = deferred<void>();
    await vi.advanceTimersByTimeAsync(500);
    late.resolve();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(dead).toEqual([]);
});

it('asks nothing more once it is stopped', async () => {
  const ask = vi.fn(() => Promise.resolve());
  const { stop } = watched(ask);
  stop();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ask).not.toHaveBeenCalled();
});
