import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestSlot, type SlotMode, type SlotState } from '../../../src/domain/slot.js';

interface Asked {
  readonly ref: number;
  readonly time: number;
  readonly value: number;
}

/** What became of each, when all ask for one slot in their order. */
function run(events: readonly Asked[], modeOf: (event: Asked) => SlotMode) {
  let held: SlotState | null = null;
  return events.map((event) => {
    const verdict = requestSlot(held, { eventRef: event.ref, eventTime: event.time, mode: modeOf(event) });
    if (verdict.kind === 'taken') held = verdict.state;
    return { event, verdict };
  });
}

// Few different times and values, so that they often meet; clocks may go backwards.
const events = fc
  .array(fc.record({ time: fc.integer({ min: 0, max: 40 }), value: fc.integer({ min: 0, max: 6 }) }), {
    maxLength: 30,
  })
  .map((some) => some.map((one, index): Asked => ({ ref: index + 1, ...one })));
const withinMs = 10;

describe('a slot', () => {
  it('lets the first of each window through, and nothing else', () => {
    fc.assert(
      fc.property(events, (all) => {
        const sent: number[] = [];
        for (const { event, verdict } of run(all, () => ({ kind: 'first', withinMs }))) {
          const free = sent.every((time) => event.time >= time + withinMs);
          expect(verdict.kind).toBe(free ? 'taken' : 'refused');
          if (verdict.kind === 'refused') expect(verdict.reason).toBe('collapsed');
          if (free) sent.push(event.time);
        }
      }),
    );
  });

  it('lets one through for ever', () => {
    fc.assert(
      fc.property(events, (all) => {
        const kinds = run(all, () => ({ kind: 'ever' })).map(({ verdict }) => verdict.kind);
        expect(kinds).toEqual(all.map((_, index) => (index === 0 ? 'taken' : 'refused')));
      }),
    );
  });

  it('lets through what is higher than all that went before', () => {
    fc.assert(
      fc.property(events, (all) => {
        const before: number[] = [];
        for (const { event, verdict } of run(all, ({ value }) => ({ kind: 'higher', value }))) {
          const higher = before.every((value) => event.value > value);
          expect(verdict.kind).toBe(higher ? 'taken' : 'refused');
          before.push(event.value);
        }
      }),
    );
  });

  it('leaves one of each window, the newest, and it goes when the window ends', () => {
    fc.assert(
      fc.property(events, (all) => {
        const windows: { readonly until: number; readonly members: Asked[]; standing: Asked }[] = [];
        for (const { event, verdict } of run(all, () => ({ kind: 'newest', withinMs }))) {
          const last = windows.at(-1);
          if (last === undefined || event.time >= last.until) {
            windows.push({ until: event.time + withinMs, members: [event], standing: event });
            expect(verdict).toMatchObject({ notBefore: event.time + withinMs, replaces: null });
            continue;
          }
          last.members.push(event);
          const newest = last.members.reduce((a, b) => (b.time >= a.time ? b : a));
          if (newest === event) {
            expect(verdict).toMatchObject({ notBefore: last.until, replaces: last.standing.ref });
            last.standing = event;
          } else expect(verdict).toEqual({ kind: 'refused', reason: 'superseded' });
        }
      }),
    );
  });

  it('is given again to whoever has it, and changes nothing by that', () => {
    const modes: readonly SlotMode[] = [
      { kind: 'first', withinMs },
      { kind: 'newest', withinMs },
      { kind: 'ever' },
      { kind: 'higher', value: 3 },
    ];
    for (const mode of modes) {
      const request = { eventRef: 1, eventTime: 5, mode };
      const first = requestSlot(null, request);
      if (first.kind !== 'taken') throw new Error('the first got no slot');
      expect(requestSlot(first.state, request)).toEqual(first);
    }
  });

  it('that was taken for ever counts for a window where its rule has one by now', () => {
    const forEver = { eventRef: 1, eventTime: 100, until: null, value: null };
    for (const kind of ['first', 'newest'] as const) {
      const ask = (eventTime: number) =>
        requestSlot(forEver, { eventRef: 2, eventTime, mode: { kind, withinMs } });
      expect(ask(109).kind === 'taken' && kind === 'first').toBe(false);
      expect(ask(110)).toMatchObject({ kind: 'taken', state: { eventRef: 2, until: 120 }, replaces: null });
    }
  });

  it('that was taken without a figure is given to the first that has one', () => {
    const uncompared = { eventRef: 1, eventTime: 100, until: null, value: null };
    const verdict = requestSlot(uncompared, {
      eventRef: 2,
      eventTime: 101,
      mode: { kind: 'higher', value: 3 },
    });
    expect(verdict).toMatchObject({ kind: 'taken', state: { value: 3 } });
  });
});
