import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { createBackOff } from '../../../src/bus/back-off.js';
import { createCommitGuard } from '../../../src/bus/commit-guard.js';
import type { BatchResult } from '../../../src/bus/handle-batch.js';
import { readBatchWith } from '../../../src/bus/read-batch.js';
import { createWaitingPartitions } from '../../../src/bus/waiting-partitions.js';

/** A broker can't be brought to change the generation in the middle of a handler, so the payload is made here. */
function setUp(handle: () => Promise<BatchResult>, messages = 5, maxRecords = 2) {
  const guard = createCommitGuard();
  guard.joined([['t', 0]]);
  const done: string[] = [];
  const waiting = createWaitingPartitions(() => done.push('resume'));
  const errors: unknown[] = [];
  const read = readBatchWith({
    handle,
    guard,
    waiting,
    backOff: createBackOff({ firstMs: 10, longestMs: 100 }),
    maxRecords,
    heartbeatMs: 1_000,
    onHandleError: (error) => errors.push(error),
  });
  const payload = payloadOf(messages, done);
  return { guard, waiting, read, payload, done, errors };
}

function payloadOf(count: number, done: string[]): EachBatchPayload {
  const messages = Array.from({ length: count }, (_, offset) => messageAt(offset));
  return {
    batch: {
      topic: 't',
      partition: 0,
      highWatermark: String(count + 1),
      messages,
      isEmpty: () => false,
      firstOffset: () => '0',
      // One transaction marker after the last record.
      lastOffset: () => String(count),
      offsetLag: () => '0',
      offsetLagLow: () => '0',
    },
    resolveOffset: (offset) => void done.push(`resolve ${offset}`),
    heartbeat: async () => undefined,
    pause: () => {
      done.push('pause');
      return () => undefined;
    },
    commitOffsetsIfNecessary: async (offsets) => {
      done.push(`commit ${offsets?.topics[0]?.partitions[0]?.offset}`);
    },
    uncommittedOffsets: () => ({ topics: [] }),
    isRunning: () => true,
    isStale: () => false,
  };
}

function messageAt(offset: number): KafkaMessage {
  return { key: null, value: null, timestamp: '0', attributes: 0, offset: String(offset), headers: {} };
}

describe('reading a batch', () => {
  it('commits each chunk before it moves on, and past the markers behind the last record', async () => {
    const { read, payload, done } = setUp(async () => ({ kind: 'stored' }));
    await read(payload);
    expect(done).toEqual(['commit 2', 'resolve 1', 'commit 4', 'resolve 3', 'commit 6', 'resolve 4']);
  });

  it('sends no commit when the group rebalanced while the handler ran, even if the partition is ours again', async () => {
    const { read, payload, done, guard } = setUp(async () => {
      guard.left();
      guard.joined([['t', 0]]);
      return { kind: 'stored' };
    });
    await read(payload);
    expect(done).toEqual([]);
  });

  it('neither commits nor pauses when the handler says wait after a rebalance', async () => {
    const { read, payload, done, guard, waiting } = setUp(async () => {
      guard.left();
      return { kind: 'wait', why: 'store_down', ms: 1 };
    });
    await read(payload);
    expect(done).toEqual([]);
    expect(waiting.list()).toEqual([]);
  });

  it('turns a throw into a wait and hands the error to the counter', async () => {
    const { read, payload, done, errors, waiting } = setUp(async () => {
      throw new TypeError('x is not a function');
    });
    await read(payload);
    expect(done).toEqual(['pause']);
    expect(errors).toHaveLength(1);
    expect(waiting.list()).toMatchObject([{ topic: 't', partition: 0, why: 'handler_error' }]);
    waiting.clear();
  });
});
