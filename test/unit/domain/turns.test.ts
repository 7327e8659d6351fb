import { setImmediate as nextLook } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns, type Turns } from '../../../src/domain/turns.js';

const SLICE_MS = 2;

/** Works for `ms` in small steps, as one of those who take turns. */
async function work(turns: Turns, ms: number, step: () => void): Promise<void> {
  for (let worked = 0; worked < ms; worked += 0.5) {
    const turn = turns.next();
    if (turn) await turn;
    const until = performance.now() + 0.5;
    while (performance.now() < until);
    step();
  }
}

it('others wait for no more than a slice, however much there is to do', async () => {
  const turns = createTurns(SLICE_MS);
  let stepsNow = 0;
  let most = 0;
  let done = false;
  const working = Promise.all(
    [1, 2, 3].map(() =>
      work(turns, 20, () => {
        stepsNow += 1;
      }),
    ),
  ).then(() => {
    done = true;
  });
  while (!done) {
    await nextLook();
    most = Math.max(most, stepsNow);
    stepsNow = 0;
  }
  await working;
  // 120 steps of half a millisecond: without turns they are one piece. A slice may end with one step more, and begin anew.
  expect(most).toBeLessThanOrEqual(2 * (SLICE_MS / 0.5 + 1));
});

it('those who take turns get on side by side', async () => {
  const turns = createTurns(SLICE_MS);
  const order: string[] = [];
  await Promise.all(['a', 'b'].map((name) => work(turns, 10, () => order.push(name))));
  expect(order.indexOf('b')).toBeLessThan(order.lastIndexOf('a'));
  expect(order.indexOf('a')).toBeLessThan(order.lastIndexOf('b'));
});

it('within a slice nothing is waited for', async () => {
  const turns = createTurns(60_000);
  await turns.next();
  expect(turns.next()).toBeNull();
});
