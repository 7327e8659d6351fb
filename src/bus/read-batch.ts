import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { BackOff } from './back-off.js';
import type { CommitGuard, Membership } from './commit-guard.js';
import type { BatchResult, HandleBatch, OnHandleError, PartitionInfo } from './handle-batch.js';
import { toBusRecord } from './to-bus-record.js';
import type { WaitingPartitions } from './waiting-partitions.js';
import { withHeartbeats } from './with-heartbeats.js';

export interface ReadBatchOptions {
  readonly handle: HandleBatch;
  readonly onHandleError: OnHandleError;
  readonly guard: CommitGuard;
  readonly waiting: WaitingPartitions;
  readonly backOff: BackOff;
  readonly maxRecords: number;
  readonly heartbeatMs: number;
}

/**
 * kafkajs's eachBatch. Per chunk: handle, commit, and only then move on, so a failed commit reads the chunk
 * again, and nothing stored is left uncommitted at a rebalance or stop. Commits go out from here alone: kafkajs
 * joins again only after every eachBatch has returned, so they can't cross generations, and the call used makes
 * one attempt (`consumer.commitOffsets` retries, by then perhaps as a new generation). One commit per fetched
 * chunk costs about 1 ms; coalescing them would save little and need a flush outside.
 * Throws what kafkajs itself threw (it joins again or reconnects), never what `handle` threw.
 */
export function readBatchWith(options: ReadBatchOptions): (payload: EachBatchPayload) => Promise<void> {
  const { guard, waiting, maxRecords, heartbeatMs } = options;

  return async (payload) => {
    const { batch } = payload;
    const { topic, partition } = batch;
    const from = { topic, partition, highWatermark: BigInt(batch.highWatermark) };
    const membership = guard.current();
    if (membership === undefined) return;

    for (const chunk of chunksOf(batch.messages, maxRecords)) {
      if (!payload.isRunning() || payload.isStale()) return;
      const result = await withHeartbeats(payload.heartbeat, heartbeatMs, () => settle(chunk, from, options));
      if (result.kind === 'wait') {
        const safe = chunk[(result.stored ?? 0) - 1];
        if (safe !== undefined) {
          if (!(await commit(payload, membership, guard, BigInt(safe.offset) + 1n))) return;
          payload.resolveOffset(safe.offset);
        }
        if (membership !== guard.current()) return;
        payload.pause();
        waiting.add(topic, partition, result.why, result.ms);
        return;
      }
      const last = chunk.at(-1)?.offset ?? batch.lastOffset();
      // Behind a batch's last record there may be transaction markers, which are never handed over.
      const end = last === batch.messages.at(-1)?.offset ? batch.lastOffset() : last;
      if (!(await commit(payload, membership, guard, BigInt(end) + 1n))) return;
      payload.resolveOffset(last);
      await payload.heartbeat();
    }
  };
}

/** False if the partition may no longer be ours. */
async function commit(
  payload: EachBatchPayload,
  membership: Membership,
  guard: CommitGuard,
  next: bigint,
): Promise<boolean> {
  const { topic, partition } = payload.batch;
  const verdict = guard.judge(membership, topic, partition, next);
  if (verdict === 'commit') {
    const offsets = [{ partition, offset: next.toString() }];
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: offsets }] });
    guard.committed(membership, topic, partition, next);
  }
  return verdict !== 'lost';
}

async function settle(
  chunk: readonly KafkaMessage[],
  from: PartitionInfo,
  { handle, onHandleError, backOff }: ReadBatchOptions,
): Promise<BatchResult> {
  const key = `${from.topic}/${from.partition}`;
  try {
    const records = chunk.map((message) => toBusRecord(from.topic, from.partition, message));
    const result = await handle(records, from);
    backOff.succeeded(key);
    return result;
  } catch (error) {
    const ms = backOff.failed(key);
    onHandleError(error, from);
    return { kind: 'wait', why: 'handler_error', ms };
  }
}

function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
