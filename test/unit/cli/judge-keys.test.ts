import { expect, it } from 'vitest';
import { judgeKeys } from '../../../src/cli/keys/judge-keys.js';
import type { KeyUsage } from '../../../src/store/key-usage.js';

const at = new Date('2026-03-09T05:00:00Z');
const used = (key: string, what: KeyUsage['what'], rows = 3): KeyUsage => ({
  ...{ key_id: key, what, rows, oldest: at, newest: at },
});
const judged = (ids: readonly string[], ...usage: KeyUsage[]) =>
  Object.fromEntries(
    judgeKeys(ids, usage).map(({ id, removable, missing, says }) => [id, { removable, missing, says }]),
  );

it('lets no key go that seals, hashes, or has sealed what waits', () => {
  const keys = judged(
    ['k4', 'k3', 'k2', 'k1'],
    used('k4', 'delivery'),
    used('k3', 'parked', 1),
    used('k2', 'inbox'),
    used('k1', 'inbox'),
  );
  expect(Object.values(keys).some(({ removable, missing }) => removable || missing)).toBe(false);
  expect(keys['k3']?.says).toContain('1 row can be opened with it alone');
  expect(keys['k2']?.says).toContain('2026-03-09 08:00:00 EAT');
  expect(keys['k1']?.says).toContain('keep it for good');
});

it('lets go what nothing needs, closed dead letters aside', () => {
  expect(judged(['k3', 'k2', 'k1'], used('k2', 'dead_letter resolved'))['k2']).toEqual({
    ...{ removable: true, missing: false, says: 'can be taken away' },
  });
});

it('misses a key that something waits for, and no other', () => {
  const keys = judged(['k2'], used('k1', 'dead_letter'), used('k0', 'inbox'));
  expect(keys['k1']).toMatchObject({ missing: true, removable: false });
  expect(keys['k0']).toMatchObject({ missing: false, removable: true });
  expect(keys['k2']?.says).toBe('seals what comes, and hashes events and slots: keep it');
});
