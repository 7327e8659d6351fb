import { setImmediate as nextLook } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns, type Turns } from '../../../src/domain/turns.js';

const ALONE_MS = 2;

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

/** How many steps were made between two looks of others at most, by so many that work side by side. */
async function mostAtOnce(workers: number): Promise<number> {
  const turns = createTurns(ALONE_MS);
  let steps = 0;
  let most = 0;
  let done = false;
  const working = Promise.all(
    Array.from({ length: workers }, () =>
      work(turns, 20, () => {
        steps += 1;
      }),
    ),
  ).then(() => {
    done = true;
  });
  while (!done) {
    await nextLook();
    most = Math.max(most, steps);
    steps = 0;
  }
  await working;
  return most;
}

it('others wait for one that is alone no longer than it may go on', async () => {
  // Of 40 steps of half a millisecond; it may begin anew between two looks.
  expect(await mostAtOnce(1)).toBeLessThanOrEqual(2 * (ALONE_MS / 0.5 + 1));
});

it('others wait for one step of several', async () => {
  expect(await mostAtOnce(3)).toBeLessThanOrEqual(2);
});

it('those who take turns get on side by side', async () => {
  const turns = createTurns(ALONE_MS);
  const order: string[] = [];
  await Promise.all(['a', 'b'].map((name) => work(turns, 10, () => order.push(name))));
  expect(order.indexOf('b')).toBeLessThan(order.lastIndexOf('a'));
  expect(order.indexOf('a')).toBeLessThan(order.lastIndexOf('b'));
});

it('one that is alone goes on at once', async () => {
  const turns = createTurns(60_000);
  await turns.next();
  expect(turns.next()).toBeNull();
});
