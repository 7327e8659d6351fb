import { expect, it } from 'vitest';
import { seededRandom } from '../../faults/random.js';

const draw = (seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: 1_000 }, () => random.whole([3, 7]));
};

it('draws the same from the same seed, and something else from another', () => {
  expect(draw(42)).toEqual(draw(42));
  expect(draw(42)).not.toEqual(draw(43));
});

it('draws everything between, both ends included, about equally often', () => {
  const drawn = draw(1);
  for (const value of [3, 4, 5, 6, 7]) {
    expect(drawn.filter((one) => one === value).length).toBeGreaterThan(150);
  }
  expect(new Set(drawn).size).toBe(5);
});

it('gives each part numbers of its own, whatever the others draw', () => {
  const one = seededRandom(7);
  const first = one.of('events').fraction();
  one.fraction();
  expect(one.of('events').fraction()).toBe(first);
  expect(one.of('victims').fraction()).not.toBe(first);
});
