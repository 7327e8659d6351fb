import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { binaryArray } from '../../../src/store/binary-array.js';
import { databaseFailure } from '../../../src/store/database-failure.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
const RUNS = { numRuns: 60 };
const orNull = <T>(items: fc.Arbitrary<T>) => fc.array(fc.option(items), { minLength: 1, maxLength: 20 });
/** As PostgreSQL takes it: no NUL, no half of a pair. */
const text = fc.string({ unit: 'grapheme' }).map((written) => written.replaceAll('\0', '').toWellFormed());

async function echoed(type: 'bytea' | 'text' | 'json' | 'jsonb', items: readonly (Buffer | string | null)[]) {
  const row = z.object({ item: z.unknown() });
  const rows = await store.database.rows(
    `SELECT item FROM unnest($1::${type}[]) WITH ORDINALITY AS u(item, ord) ORDER BY ord`,
    [binaryArray(type, items)],
    row,
  );
  return rows.map(({ item }) => item);
}

it('brings bytes there as they are', async () => {
  const bytes = fc.uint8Array({ maxLength: 3_000 }).map((some) => Buffer.from(some));
  await fc.assert(
    fc.asyncProperty(orNull(bytes), async (items) => {
      expect(await echoed('bytea', items)).toEqual(items);
    }),
    RUNS,
  );
});

it('brings texts there as they are', async () => {
  await fc.assert(
    fc.asyncProperty(orNull(text), async (items) => {
      expect(await echoed('text', items)).toEqual(items);
    }),
    RUNS,
  );
});

it.each(['json', 'jsonb'] as const)('brings %s there', async (type) => {
  const values = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)));
  await fc.assert(
    fc.asyncProperty(orNull(values), async (items) => {
      const written = items.map((item) => (item === null ? null : JSON.stringify(item)));
      expect(JSON.parse(JSON.stringify(await echoed(type, written)))).toEqual(
        JSON.parse(JSON.stringify(items)),
      );
    }),
    RUNS,
  );
});

it.each([
  ['a NUL in jsonb', 'jsonb', '{"a": "\\u0000"}'],
  ['what is no JSON', 'json', '{"a": '],
] as const)('is refused as data where there is %s', async (_what, type, item) => {
  await expect(echoed(type, [item])).rejects.toSatisfy((error) => databaseFailure(error) === 'data');
});
