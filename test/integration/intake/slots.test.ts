import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestSlot, type SlotMode, type SlotState } from '../../../src/domain/slot.js';
import { type Slotted, takeSlots } from '../../../src/intake/take-slots.js';
import { type Database, inTransaction, openDatabase } from '../../../src/store/database.js';
import { createDigester } from '../../../src/store/keyed-hash.js';
import { waitFor } from '../../helpers/wait-for.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();
const digester = createDigester([{ id: 'k1', key: Buffer.alloc(32, 1) }]);
const HOUR = 3_600_000;
const T0 = Date.parse('2026-03-09T05:00:00Z');

let nextRef = 1;
let nextRule = 1;
interface Asked {
  readonly ref: number;
  readonly rule: string;
  readonly key: string;
  readonly time: number;
  readonly mode: SlotMode;
  readonly personal?: boolean;
}

const slotted = ({ ref, rule, key, time, mode, personal = false }: Asked): Slotted => ({
  intent: {
    eventRef: ref,
    source: {
      sourceEventId: `event-${ref}`,
      sourceEventSource: '/chesanto/test',
      sourceEventType: 'test',
      sourceTopic: 'test',
      sourcePartition: 0,
      sourceOffset: String(ref),
      sourceSubject: null,
      traceparent: null,
      eventTime: time,
    },
    actorId: null,
    secrets: [],
    module: 'test',
    rule,
    template: 'auth/otp',
    channels: ['email'],
    priority: 'medium',
    expiresAt: new Date(time + 24 * HOUR),
    notBefore: null,
    context: { clear: {}, open: {}, log: {} },
  },
  audience: { direct: [], roles: [], except: null, channels: ['email'] },
  slot: { key, personal, mode },
});

async function isWaitingForLock(database: Database): Promise<boolean> {
  const waiting = await database.run(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting > 0;
}

interface Outcome {
  readonly going: ReadonlyMap<number, number | null>;
  readonly skipped: ReadonlyMap<number, string>;
}

/** Batches one after the other; what newer ones replaced is taken out, as the caller does with what waits. */
async function take(
  batches: readonly (readonly Asked[])[],
  database = store.database,
  now = new Date(T0 + 1_000 * HOUR),
) {
  const going = new Map<number, number | null>();
  const skipped = new Map<number, string>();
  for (const batch of batches) {
    const taken = await inTransaction(database, (tx) => takeSlots(tx, batch.map(slotted), digester, now));
    for (const { intent } of taken.wanted) going.set(intent.eventRef, intent.notBefore?.getTime() ?? null);
    for (const { eventRef } of taken.replaced) {
      going.delete(eventRef);
      skipped.set(eventRef, 'superseded');
    }
    for (const { eventRef, reason } of taken.skips) skipped.set(eventRef, reason);
  }
  return { going, skipped };
}

/** The simple model: one event at a time, in memory. */
function model(events: readonly Asked[]): Outcome {
  const held = new Map<string, SlotState>();
  const going = new Map<number, number | null>();
  const skipped = new Map<number, string>();
  for (const { ref, rule, key, time, mode } of events) {
    const name = `${rule} ${key}`;
    const verdict = requestSlot(held.get(name) ?? null, { eventRef: ref, eventTime: time, mode });
    if (verdict.kind === 'refused') {
      skipped.set(ref, verdict.reason);
      continue;
    }
    held.set(name, verdict.state);
    going.set(ref, verdict.notBefore);
    if (verdict.replaces !== null) {
      going.delete(verdict.replaces);
      skipped.set(verdict.replaces, 'superseded');
    }
  }
  return { going, skipped };
}

const modes: readonly (readonly [string, (value: number) => SlotMode])[] = [
  ['first', () => ({ kind: 'first', withinMs: 4 * HOUR })],
  ['newest', () => ({ kind: 'newest', withinMs: 4 * HOUR })],
  ['ever', () => ({ kind: 'ever' })],
  ['higher', (value) => ({ kind: 'higher', value })],
];

describe.each(modes)('slots of the kind %s', (_kind, modeOf) => {
  const some = fc.array(
    fc.record({
      key: fc.constantFrom('["flour"]', '["sugar"]', '["yeast","CRITICAL"]'),
      hours: fc.integer({ min: 0, max: 12 }),
      value: fc.integer({ min: 0, max: 5 }),
      /** Whether a new batch begins here. */
      cut: fc.boolean(),
    }),
    { minLength: 1, maxLength: 25 },
  );

  it('are what the model says, however the events are cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(some, async (drawn) => {
        const rule = `test/property-${nextRule++}`;
        const batches: Asked[][] = [];
        for (const { key, hours, value, cut } of drawn) {
          const asked = { ref: nextRef++, rule, key, time: T0 + hours * HOUR, mode: modeOf(value) };
          const last = batches.at(-1);
          if (last === undefined || cut) batches.push([asked]);
          else last.push(asked);
        }
        const outcome = await take(batches);
        expect(outcome).toEqual(model(batches.flat()));
        // Whatever still has its place gets it again, and nothing changes by that.
        const standing = batches.flat().filter(({ ref }) => outcome.going.has(ref));
        const last = standing.at(-1);
        if (last !== undefined) expect((await take([[last]])).going.has(last.ref)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('slots of two instances at once', () => {
  const other = () => openDatabase({ url: store.url, poolSize: 4, onError: () => {} });

  it('give each key to one event, without a deadlock', async () => {
    const second = other();
    try {
      const rule = 'test/two-instances';
      const keys = Array.from({ length: 40 }, (_, index) => `["item-${index}"]`);
      const batchOf = (order: readonly string[]) =>
        order.map(
          (key): Asked => ({ ref: nextRef++, rule, key, time: T0, mode: { kind: 'first', withinMs: HOUR } }),
        );
      const work = Array.from({ length: 8 }, (_, turn) => {
        const order = turn % 2 === 0 ? keys : keys.toReversed();
        return take([batchOf(order)], turn % 2 === 0 ? store.database : second);
      });
      const outcomes = await Promise.all(work);
      const taken = outcomes.flatMap(({ going }) => [...going.keys()]);
      const refused = outcomes.flatMap(({ skipped }) => [...skipped.values()]);
      expect(taken).toHaveLength(keys.length);
      expect(refused).toEqual(Array.from({ length: 7 * keys.length }, () => 'collapsed'));
    } finally {
      await second.close();
    }
  });

  it('are locked in the order of their keys, so that those who wait hold nothing that others want', async () => {
    const second = other();
    try {
      const rule = 'test/lock-order';
      const ask = (key: string): Asked => ({ ref: nextRef++, rule, key, time: T0, mode: { kind: 'ever' } });
      const now = new Date(T0);
      const waitingOnes: ReturnType<typeof take>[] = [];
      await inTransaction(store.database, async (tx) => {
        await takeSlots(tx, [slotted(ask('["a"]'))], digester, now);
        const waiting = take([[ask('["b"]'), ask('["a"]')]], second);
        await waitFor(() => isWaitingForLock(store.database), { what: 'somebody to wait for the slot' });
        // Asked by a third: b is free only if the one that waits for a has not locked it.
        const third = await inTransaction(second, async (other) => {
          await other.run(`SET LOCAL lock_timeout = '2s'`);
          return takeSlots(other, [slotted(ask('["b"]'))], digester, now);
        });
        expect(third.wanted).toHaveLength(1);
        waitingOnes.push(waiting);
      });
      const [outcome] = await Promise.all(waitingOnes);
      expect([...(outcome?.skipped.values() ?? [])]).toEqual(['already_sent', 'already_sent']);
    } finally {
      await second.close();
    }
  });

  it('leave the newest of a key, whoever had it first', async () => {
    const second = other();
    try {
      const rule = 'test/two-newest';
      const times = Array.from({ length: 12 }, (_, index) => T0 + index * 60_000);
      const work = times.map((time, index) => {
        const asked: Asked = {
          ref: nextRef++,
          rule,
          key: '["mix-1"]',
          time,
          mode: { kind: 'newest', withinMs: 30 * HOUR },
        };
        return take([[asked]], index % 2 === 0 ? store.database : second).then((outcome) => ({
          asked,
          ...outcome,
        }));
      });
      const outcomes = await Promise.all(work);
      const replaced = new Set(outcomes.flatMap(({ skipped }) => [...skipped.keys()]));
      const standing = outcomes.filter(({ asked }) => !replaced.has(asked.ref));
      expect(standing.map(({ asked }) => asked.time)).toEqual([times.at(-1)]);
    } finally {
      await second.close();
    }
  });
});

describe('slots under clocks that go wrong', () => {
  const first: SlotMode = { kind: 'first', withinMs: 4 * HOUR };
  const now = new Date(T0);

  it('are kept by an event from the future no longer than its window', async () => {
    const rule = 'test/ahead';
    const ahead = { ref: nextRef++, rule, key: '["flour"]', time: T0 + 20 * HOUR, mode: first };
    const later = { ref: nextRef++, rule, key: '["flour"]', time: T0 + 4 * HOUR, mode: first };
    await take([[ahead]], store.database, now);
    expect((await take([[later]], store.database, new Date(T0 + 4 * HOUR))).going.has(later.ref)).toBe(true);
  });

  it('are not given to what comes late from a time before', async () => {
    const rule = 'test/behind';
    const onTime = { ref: nextRef++, rule, key: '["flour"]', time: T0, mode: first };
    const behind = { ref: nextRef++, rule, key: '["flour"]', time: T0 - 20 * HOUR, mode: first };
    expect((await take([[onTime], [behind]], store.database, now)).skipped.get(behind.ref)).toBe('collapsed');
  });
});

describe('keys of slots', () => {
  const keysOf = async (rule: string) => {
    const rows = await store.database.rows('SELECT key FROM communications_slot WHERE rule = $1', [rule], {
      parse: (row) => Reflect.get(Object(row), 'key'),
    });
    return rows.map((key) => (Buffer.isBuffer(key) ? key.toString('latin1') : ''));
  };
  const ask = (rule: string, key: string, personal: boolean): Asked => ({
    ref: nextRef++,
    rule,
    key,
    personal,
    time: T0,
    mode: { kind: 'ever' },
  });

  it('are kept in clear where nothing in them is personal', async () => {
    await take([[ask('test/open-key', '[17,"CRITICAL"]', false)]]);
    expect(await keysOf('test/open-key')).toEqual(['\0[17,"CRITICAL"]']);
  });

  it('are kept as a keyed hash where something is, or where they are long', async () => {
    await take([[ask('test/personal-key', '["john@example.com"]', true)]]);
    await take([[ask('test/long-key', JSON.stringify(['x'.repeat(5_000)]), false)]]);
    const kept = [...(await keysOf('test/personal-key')), ...(await keysOf('test/long-key'))];
    expect(kept.map((key) => key.length)).toEqual([33, 33]);
    expect(kept.join()).not.toContain('john');
  });
});
