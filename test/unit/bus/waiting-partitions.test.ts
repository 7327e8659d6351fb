import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBackOff } from '../../../src/bus/back-off.js';
import { createWaitingPartitions } from '../../../src/bus/waiting-partitions.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('waiting partitions', () => {
  it('resumes each after its own time', () => {
    const resumed: string[] = [];
    const waiting = createWaitingPartitions((topic, partition) => resumed.push(`${topic}/${partition}`));
    waiting.add('a', 0, 'store_down', 100);
    waiting.add('a', 1, 'store_down', 300);
    vi.advanceTimersByTime(200);
    expect(resumed).toEqual(['a/0']);
    expect(waiting.list()).toMatchObject([{ topic: 'a', partition: 1, why: 'store_down' }]);
    vi.advanceTimersByTime(200);
    expect(resumed).toEqual(['a/0', 'a/1']);
  });

  it('resumes all at once when woken, and not a second time', () => {
    const resumed: number[] = [];
    const waiting = createWaitingPartitions((_, partition) => resumed.push(partition));
    waiting.add('a', 0, 'store_down', 100);
    waiting.add('a', 1, 'store_down', 1e12);
    waiting.wake();
    vi.advanceTimersByTime(1_000);
    expect(resumed).toEqual([0, 1]);
  });

  it('resumes nothing once cleared', () => {
    const resumed: number[] = [];
    const waiting = createWaitingPartitions((_, partition) => resumed.push(partition));
    waiting.add('a', 0, 'store_down', 100);
    waiting.clear();
    vi.advanceTimersByTime(1_000);
    waiting.wake();
    expect(resumed).toEqual([]);
  });
});

describe('back-off', () => {
  it('doubles up to its limit for each key, and starts over after a success', () => {
    const backOff = createBackOff({ firstMs: 200, longestMs: 1_000 });
    expect([1, 2, 3, 4, 5].map(() => backOff.failed('a'))).toEqual([200, 400, 800, 1_000, 1_000]);
    expect(backOff.failed('b')).toBe(200);
    backOff.succeeded('a');
    expect(backOff.failed('a')).toBe(200);
  });
});
