import { expect, it } from 'vitest';
import { mapValues } from '../../../src/domain/map-values.js';

const louder = (value: unknown) => (value === 'bread' ? 'BREAD' : value);

it.each([[{ a: 'cake', b: [1], c: null }], [['cake', { a: 1 }, null]]])(
  'gives %j back as it is where nothing changes',
  (container) => {
    expect(mapValues(container, louder)).toBe(container);
  },
);

it.each([
  [
    { a: 'bread', b: 1, c: 'bread' },
    { a: 'BREAD', b: 1, c: 'BREAD' },
  ],
  [
    ['cake', 'bread', 'bread'],
    ['cake', 'BREAD', 'BREAD'],
  ],
])('makes another of %j where something does', (container, expected) => {
  const before = structuredClone(container);
  expect(mapValues(container, louder)).toEqual(expected);
  expect(container).toEqual(before);
});
