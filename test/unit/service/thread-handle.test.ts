import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BusSide } from '../../../src/service/bus-side/bus-side.js';
import { threadHandle } from '../../../src/service/bus-side/thread-handle.js';
import type { FromThread, ToThread } from '../../../src/service/bus-side/thread-messages.js';
import { DEFAULT_TUNING } from '../../../src/service/tuning.js';

const START = { tuning: DEFAULT_TUNING, knownTemplates: new Map() };

/** A thread as its parent sees it: what it is told, and what it says. */
class FakeThread extends EventEmitter {
  readonly told: ToThread[] = [];
  terminated = 0;
  postMessage(message: ToThread): void {
    this.told.push(message);
  }
  async terminate(): Promise<number> {
    this.terminated += 1;
    this.emit('exit', 1);
    return 1;
  }
  says(message: FromThread): void {
    this.emit('message', message);
  }
  /** Answers the last question. */
  answers(): void {
    this.says({ kind: 'answer', id: this.lastAsked(), counted: [] });
  }
  lastAsked(): number {
    const last = this.told.at(-1);
    return last?.kind === 'ask' ? last.id : -1;
  }
}

function started(endedBefore = false) {
  const thread = new FakeThread();
  const told: string[] = [];
  const side: BusSide = threadHandle(
    thread,
    endedBefore,
    START,
    {
      queued: (queues) => told.push(`queued ${[...queues].join()}`),
      profilesChanged: () => told.push('profiles changed'),
      degraded: (part, why, forMs) => told.push(`degraded ${part} ${why} ${forMs}`),
      dead: ({ message }) => told.push(`dead: ${message}`),
    },
    1_000,
  );
  return { thread, side, told };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the handle of a thread', () => {
  it('starts it, and passes on what it says', async () => {
    const { thread, side, told } = started();
    expect(thread.told).toEqual([{ kind: 'start', start: START }]);
    thread.says({ kind: 'queued', queues: new Set(['email/high']) });
    thread.says({ kind: 'profilesChanged' });
    thread.says({ kind: 'degraded', part: 'outbox', why: 'no broker', forMs: null });
    thread.says({ kind: 'joined' });
    await side.joined;
    expect(told).toEqual(['queued email/high', 'profiles changed', 'degraded outbox no broker null']);
  });

  it('passes on what it is told, in order', () => {
    const { thread, side } = started();
    side.knowTemplates(new Map([['auth_otp', { name: 'auth_otp', version: 3, isActive: true }]]));
    side.wakeRelay();
    void side.stopReading(500);
    expect(thread.told.slice(1)).toEqual([
      { kind: 'templates', known: new Map([['auth_otp', { name: 'auth_otp', version: 3, isActive: true }]]) },
      { kind: 'wakeRelay' },
      { kind: 'ask', id: 1, question: { what: 'stopReading', limitMs: 500 } },
    ]);
  });

  it('waits for answers, each for its own, and for refusals', async () => {
    const { thread, side } = started();
    const reading = side.stopReading(500);
    const counting = side.counted();
    thread.says({ kind: 'answer', id: 2, counted: [] });
    expect(await counting).toEqual([]);
    thread.says({ kind: 'failed', id: 1, why: 'Error: no broker' });
    await expect(reading).rejects.toThrow('Error: no broker');
  });

  it('tells once that it is dead, and leaves nobody waiting', async () => {
    const { thread, side, told } = started();
    const counting = side.counted();
    const joined = side.joined;
    thread.emit('error', new Error('to the address jane@example.com'));
    thread.emit('exit', 1);
    await expect(counting).rejects.toThrow('ended by an error');
    await expect(joined).rejects.toThrow('ended by an error');
    await expect(side.stopReading(500)).rejects.toThrow('ended by an error');
    expect(told).toEqual(['dead: the thread that reads from Kafka has ended by an error, see above']);
    await side.close();
  });

  it('still asks one to publish that says it can not go on', async () => {
    const { thread, side, told } = started();
    thread.says({ kind: 'dead', why: 'KafkaJSError: gone' });
    expect(told).toEqual(['dead: KafkaJSError: gone']);
    await expect(side.joined).rejects.toThrow('KafkaJSError: gone');
    const publishing = side.stopPublishing(500);
    thread.answers();
    await publishing;
  });

  it('tells of one that had ended before it was started', async () => {
    const { thread, side, told } = started(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(thread.told).toEqual([]);
    expect(told.join()).toContain('has ended before it was started');
    await expect(side.joined).rejects.toThrow('has ended before it was started');
    await side.close();
  });

  it('tells of one that stands still', async () => {
    const { thread, side, told } = started();
    await vi.advanceTimersByTimeAsync(1_000);
    thread.answers();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(told).toEqual(['dead: the thread that reads from Kafka has not answered for 6 s']);
    await expect(side.joined).rejects.toThrow('has not answered');
  });

  it('closes it, and takes its end for no death', async () => {
    const { thread, side, told } = started();
    const closing = side.close();
    thread.answers();
    await vi.advanceTimersByTimeAsync(100);
    thread.emit('exit', 0);
    await closing;
    expect(thread.terminated).toBe(0);
    expect(told).toEqual([]);
  });

  it('ends one that has closed everything and does not end', async () => {
    const { thread, side, told } = started();
    const closing = side.close();
    thread.answers();
    await vi.advanceTimersByTimeAsync(500);
    await closing;
    expect(thread.terminated).toBe(1);
    expect(told).toEqual([]);
  });
});
