import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  applyProfiles,
  contactsById,
  type Departure,
  holdersOfRoles,
  type Profile,
} from '../../../src/store/contacts.js';
import { inTransaction } from '../../../src/store/database.js';
import { databaseFailure } from '../../../src/store/database-failure.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
beforeEach(() => store.database.run('TRUNCATE communications_contact'));

const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 8, minute));
const profile = (userId: number, more: Partial<Profile> = {}): Profile => ({
  userId,
  name: `Person ${userId}`,
  email: `person${userId}@example.com`,
  emailVerified: true,
  phone: null,
  otherPhones: [],
  role: 'ADMIN',
  department: null,
  active: true,
  approved: true,
  locale: 'en-KE',
  timezone: 'Africa/Nairobi',
  updatedAt: at(0),
  ...more,
});
const gone = (userId: number, minute: number): Departure => ({ userId, deletedAt: at(minute) });
const apply = (...changes: (Profile | Departure)[]) =>
  inTransaction(store.database, (tx) => applyProfiles(tx, changes));
const held = async (userId: number) => (await contactsById(store.database, [userId])).get(userId);

describe('profiles', () => {
  it('are kept as they came, with numbers in E.164', async () => {
    const changed = await apply(profile(7, { phone: '0712345678', otherPhones: ['254110345678', 'none'] }));
    expect(changed).toEqual([await held(7)]);
    expect(await held(7)).toEqual({
      ...profile(7, { phone: '+254712345678', otherPhones: ['+254110345678'] }),
      deletedAt: null,
    });
  });

  it('older than the one held are ignored', async () => {
    await apply(profile(7, { name: 'New', updatedAt: at(5) }));
    expect(await apply(profile(7, { name: 'Old', updatedAt: at(4) }))).toEqual([]);
    expect((await held(7))?.name).toBe('New');
  });

  it('read again change nothing', async () => {
    await apply(profile(7, { name: 'New', updatedAt: at(5) }));
    const before = await held(7);
    await apply(profile(7, { name: 'New', updatedAt: at(5) }));
    expect(await held(7)).toEqual(before);
  });

  it('of one person in one batch come to the newest', async () => {
    await apply(
      profile(7, { name: 'First', updatedAt: at(1) }),
      profile(7, { name: 'Third', updatedAt: at(3) }),
      profile(7, { name: 'Second', updatedAt: at(2) }),
      profile(8),
    );
    expect((await held(7))?.name).toBe('Third');
    expect((await held(8))?.name).toBe('Person 8');
  });

  it('with an id that would be rounded are refused', async () => {
    await expect(apply(profile(2 ** 53))).rejects.toThrow(RangeError);
  });

  it('that a column cannot hold are failures of the data', async () => {
    for (const bad of [
      { name: 'a\0b' },
      { email: `${'x'.repeat(250)}@example.com` },
      { department: '\ud800' },
    ]) {
      await expect(apply(profile(7, bad))).rejects.toSatisfy((error) => databaseFailure(error) === 'data');
    }
  });

  it('applied by several instances at once do not deadlock', async () => {
    const people = Array.from({ length: 200 }, (_, index) => index + 1);
    const runs = [1, 2, 3, 4].map((run) => {
      const order = run % 2 === 0 ? people : people.toReversed();
      return apply(...order.map((userId) => profile(userId, { updatedAt: at(run), name: `Run ${run}` })));
    });
    await Promise.all(runs);
    const all = await contactsById(store.database, people);
    expect(new Set([...all.values()].map(({ name }) => name))).toEqual(new Set(['Run 4']));
  });
});

describe('a departure', () => {
  it('leaves nothing personal, and is known as such', async () => {
    await apply(profile(7, { phone: '0712345678', otherPhones: ['0712345679'], department: 'Bakery' }));
    await apply(gone(7, 1));
    expect(await held(7)).toEqual({
      userId: 7,
      name: null,
      email: null,
      emailVerified: false,
      phone: null,
      otherPhones: [],
      role: null,
      department: null,
      active: false,
      approved: false,
      locale: null,
      timezone: null,
      updatedAt: at(1),
      deletedAt: at(1),
    });
  });

  it('counts although its clock is behind the profile', async () => {
    await apply(profile(7, { updatedAt: at(5) }));
    await apply(gone(7, 1));
    expect((await held(7))?.deletedAt).toEqual(at(1));
  });

  it('is not undone by a late profile, but by a newer one', async () => {
    await apply(gone(7, 5));
    await apply(profile(7, { updatedAt: at(4) }));
    expect((await held(7))?.deletedAt).toEqual(at(5));
    await apply(profile(7, { updatedAt: at(6) }));
    expect((await held(7))?.deletedAt).toBeNull();
  });

  it('within a batch stands in its place', async () => {
    await apply(profile(7, { updatedAt: at(1) }), gone(7, 2));
    expect((await held(7))?.deletedAt).toEqual(at(2));
    await apply(gone(7, 3), profile(7, { updatedAt: at(4) }));
    expect((await held(7))?.deletedAt).toBeNull();
  });
});

describe('a topic read again from its start, cut into any batches', () => {
  it('comes to the same contacts', async () => {
    const change = fc.record({
      userId: fc.integer({ min: 1, max: 3 }),
      minutesLater: fc.integer({ min: 0, max: 2 }),
      leaves: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (log, size) => {
          await store.database.run('TRUNCATE communications_contact');
          let minute = 0;
          const changes = log.map(({ userId, minutesLater, leaves }, index) => {
            minute += minutesLater;
            return leaves
              ? gone(userId, minute)
              : profile(userId, { name: `Change ${index}`, updatedAt: at(minute) });
          });
          for (const one of changes) await apply(one);
          const expected = await contactsById(store.database, [1, 2, 3]);
          for (let start = 0; start < changes.length; start += size)
            await apply(...changes.slice(start, start + size));
          expect(await contactsById(store.database, [1, 2, 3])).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('holders of a role', () => {
  it('are those who are active, approved and still here', async () => {
    await apply(
      profile(5),
      profile(1),
      profile(2, { active: false }),
      profile(3, { approved: false }),
      profile(4, { role: 'DISPATCH' }),
      profile(6, { role: 'SALESMAN' }),
      gone(8, 1),
    );
    const ids = async (...roles: string[]) =>
      (await holdersOfRoles(store.database, roles)).map(({ userId }) => userId);
    expect(await ids('ADMIN')).toEqual([1, 5]);
    expect(await ids('ADMIN', 'DISPATCH')).toEqual([1, 4, 5]);
    expect(await ids('SECURITY')).toEqual([]);
    expect(await ids()).toEqual([]);
  });
});

describe('contacts by id', () => {
  it('leave out the unknown', async () => {
    await apply(profile(7), gone(8, 1));
    expect([...(await contactsById(store.database, [7, 8, 9])).keys()].sort()).toEqual([7, 8]);
    expect((await contactsById(store.database, [])).size).toBe(0);
  });
});
