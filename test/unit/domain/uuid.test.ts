import { validate, version } from 'uuid';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.useRealTimers());

/** With nothing left of what another test did to the clock. */
const { uuidv7 } = await fresh();
async function fresh() {
  vi.resetModules();
  return import('../../../src/domain/uuid.js');
}

it('are of version 7, all different, and sort by when they were made', () => {
  const made = Array.from({ length: 5_000 }, uuidv7);
  expect(made.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(new Set(made).size).toBe(made.length);
  expect([...made].sort()).toEqual(made);
});

it('bear their time in milliseconds', () => {
  const before = Date.now();
  const id = uuidv7();
  const at = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
});

it('sort on while the clock stands still or goes back', async () => {
  const { uuidv7 } = await fresh();
  vi.useFakeTimers({ now: Date.now() + 1_000 });
  const made = Array.from({ length: 300 }, uuidv7);
  vi.setSystemTime(Date.now() - 60_000);
  made.push(...Array.from({ length: 300 }, uuidv7));
  expect(new Set(made).size).toBe(made.length);
  expect([...made].sort()).toEqual(made);
});
