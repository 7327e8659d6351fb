import { describe, expect, it } from 'vitest';
import { grewTooMuch, growthOf } from '../../../../bench/soak/growth.js';
import type { Sample } from '../../../../bench/soak/sample.js';

const STILL: Sample = {
  takenAt: 0,
  at: 0,
  heapMb: 60,
  residentMb: 180,
  externalMb: 10,
  descriptors: 40,
  sockets: 20,
  timers: 20,
  lagMs: 20,
  snapshot: 0,
  store: { waiting: 0, outbox: 0, queueMb: 5, deadRows: 1_000, databaseMb: 50 },
};
/** An hour, a sample each minute. */
const hour = (of: (minute: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: 60 }, (_, minute) => ({ ...STILL, ...of(minute) }));
const tooMuch = (samples: readonly Sample[]) =>
  growthOf(samples)
    .filter(grewTooMuch)
    .map(({ what }) => what);

describe('growth', () => {
  it('is none where nothing grows', () => {
    expect(tooMuch(hour(() => ({})))).toEqual([]);
  });

  it('is told of a heap whose floor rises, however it swings', () => {
    const leaking = hour((minute) => ({ heapMb: 60 + minute * 0.5 + (minute % 3) * 40 }));
    expect(tooMuch(leaking)).toEqual(['heap, lowest']);
  });

  it('is none in a heap that only swings', () => {
    expect(tooMuch(hour((minute) => ({ heapMb: 60 + (minute % 5) * 60 })))).toEqual([]);
  });

  it.each([
    ['sockets', (minute: number) => ({ sockets: 20 + minute })],
    ['timers', (minute: number) => ({ timers: 20 + minute })],
    ['open files', (minute: number) => ({ descriptors: 40 + minute })],
    ['memory', (minute: number) => ({ residentMb: 180 + minute * 3 })],
    ['oldest snapshot, most', (minute: number) => ({ snapshot: minute * 60 })],
  ])('is told of %s', (what, of) => {
    expect(tooMuch(hour(of))).toEqual([what]);
  });

  it('is told of tables that bloat', () => {
    const bloating = hour((minute) => ({
      store: { waiting: 0, outbox: 0, queueMb: 5 + minute, deadRows: 1_000, databaseMb: 50 },
    }));
    expect(tooMuch(bloating)).toEqual(['tables of the queue']);
  });

  it('leaves out the first part, in which everything warms up', () => {
    expect(
      tooMuch(hour((minute) => ({ residentMb: minute < 6 ? 90 : 200, heapMb: minute < 6 ? 30 : 60 }))),
    ).toEqual([]);
  });

  it('can not be told of a few samples', () => {
    expect(() => growthOf([STILL])).toThrow('1 samples are too few to compare');
  });
});
