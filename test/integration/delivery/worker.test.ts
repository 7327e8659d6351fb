import { expect, it } from 'vitest';
import { createWorker } from '../../../src/delivery/worker.js';
import { createLog } from '../../../src/observability/log.js';
import { openDatabase } from '../../../src/store/database.js';
import type { PausedProvider } from '../../../src/store/provider-pauses.js';
import { runningWorkers } from '../../../src/store/running-workers.js';
import { openTcpProxy } from '../../helpers/tcp-proxy.js';
import { waitFor } from '../../helpers/wait-for.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();

it('a worker beats again, over another connection, soon after one died in silence', async () => {
  const proxy = await openTcpProxy(store.url);
  const database = openDatabase({ url: proxy.url, poolSize: 2, onError: () => {} });
  let beats = 0;
  const worker = createWorker({
    database,
    instance: 'test',
    connections: 5,
    pauses: () => [],
    log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
    onStale: () => {},
    onBeat: () => beats++,
  });
  try {
    await waitFor(() => beats === 1, { what: 'the first beat' });
    proxy.silenceAt('SET beat_at');
    // The next one is sent after 2 s, and swallowed.
    await waitFor(() => (worker.beatAgeMs() ?? 0) > 2_300, { what: 'a beat that is missed' });
    expect(beats).toBe(1);
    await proxy.restore();
    await waitFor(() => beats > 1, { what: 'a beat again', timeoutMs: 5_000 });
    expect(worker.claim()).not.toBeNull();
  } finally {
    await worker.stop();
    await database.close();
    await proxy.close();
  }
});

it('a beat tells what the worker can not send by', async () => {
  const since = new Date('2026-03-09T03:00:00Z');
  const pause: PausedProvider = {
    ...{ channel: 'email', provider: 'smtp', reason: 'unreachable', answer: 'unreachable: refused', since },
  };
  const paused = [pause];
  const worker = createWorker({
    database: store.database,
    instance: 'beating',
    connections: 5,
    pauses: () => paused,
    log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
    onStale: () => {},
    onBeat: () => {},
  });
  try {
    const told = async () => {
      const { instances, pauses } = await runningWorkers(store.database);
      return instances.includes('beating') && pauses;
    };
    await expect.poll(told, { timeout: 5_000 }).toEqual([pause]);
    paused.pop();
    await expect.poll(told, { timeout: 5_000 }).toEqual([]);
  } finally {
    await worker.stop();
  }
});
