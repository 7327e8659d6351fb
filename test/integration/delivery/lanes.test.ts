import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createConnections } from '../../../src/delivery/connections.js';
import { decideTransition } from '../../../src/delivery/decide-transition.js';
import { createLane, type DeliveryLane } from '../../../src/delivery/lane.js';
import { createRecorder } from '../../../src/delivery/recorder.js';
import { LANES, type Lane, type Priority } from '../../../src/domain/priority.js';
import { createProviderPause, type ProviderPause } from '../../../src/domain/provider-pause.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import type { Transition } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
import type { WorkerClaim } from '../../../src/store/claim-deliveries.js';
import type { DeliveryRow } from '../../../src/store/delivery-row.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { createSeal } from '../../../src/store/sealing.js';
import { registerWorker } from '../../../src/store/worker.js';
import { encodeStatus, queuedMessage } from '../../helpers/queued-message.js';
import { waitFor } from '../../helpers/wait-for.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();
const SEND_MS = 5;

/** Both lanes over five connections, with a provider that takes 5 ms. */
async function startLanes({
  pause = createProviderPause(() => performance.now()),
  onStart = () => {},
  claimOf = (worker) => () => worker,
}: {
  pause?: ProviderPause;
  onStart?: (priority: Priority, recipient: string) => void;
  claimOf?: (worker: WorkerClaim) => () => WorkerClaim | null;
} = {}) {
  const worker = { workerId: uuidv7(), epoch: 1 };
  await registerWorker(store.database, worker, 'test', 5);
  const lanes = new Map<Lane, DeliveryLane>();
  const connections = createConnections({ all: 5, forHigh: 2 }, (lane) => lanes.get(lane)?.wake());
  const metrics = createMetrics();
  const log = createLog({ level: 'silent', instance: 'test', version: 'test' });
  for (const lane of LANES) {
    const recorder = createRecorder(
      store.database,
      metrics,
      log,
      () => {},
      (ended) => lanes.get(lane)?.claimAlong(ended) ?? null,
    );
    lanes.set(
      lane,
      createLane({
        channel: 'email',
        lane,
        connections,
        database: store.database,
        pause,
        claim: claimOf(worker),
        deliver: async (row) => {
          onStart(row.status_facts.priority, row.recipient);
          const ended = recorder.expect();
          await delay(SEND_MS);
          await recorder.record(sent(row));
          ended();
          return true;
        },
        metrics,
        log,
      }),
    );
  }
  const stop = async () => {
    await Promise.all([...lanes.values()].map((lane) => lane.stop()));
  };
  onTestFinished(stop);
  return { stop, wake: (lane: Lane) => lanes.get(lane)?.wake() };
}

function sent(row: DeliveryRow): Transition {
  const outcome = { kind: 'sent', providerMessageId: 'abc' } as const;
  const verdict = decideTransition(row, outcome, { retryDelayMs: 1_000, maxRetries: 3 }, Date.now(), 0);
  return buildTransition(row, verdict, new Date(), encodeStatus);
}

async function waiting(which = 'true'): Promise<number> {
  const sql = `SELECT count(*)::integer AS n FROM communications_delivery WHERE ${which}`;
  return (await store.database.rows(sql, [], z.object({ n: z.number() })))[0]?.n ?? 0;
}

it('works off a backlog of medium messages without waiting for the clock between them', async () => {
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
  const backlog = Array.from({ length: 300 }, () => queuedMessage({ seal, priority: 'medium' }));
  await insertNotifications(store.database, backlog);
  const started = performance.now();
  await startLanes();
  await waitFor(async () => (await waiting()) === 0, { what: 'an empty queue', timeoutMs: 30_000 });
  // Ten seconds if a lane is only woken by the clock.
  expect(performance.now() - started).toBeLessThan(6_000);
});

it('never has more claims than connections, though results and claims are recorded by one statement', async () => {
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
  const backlog = (['high', 'medium', 'low'] as const).flatMap((priority) =>
    Array.from({ length: 100 }, () => queuedMessage({ seal, priority })),
  );
  await insertNotifications(store.database, backlog);
  await startLanes();
  let most = 0;
  await waitFor(
    async () => {
      most = Math.max(most, await waiting('claimed_by IS NOT NULL'));
      return (await waiting()) === 0;
    },
    { what: 'an empty queue', timeoutMs: 30_000, everyMs: 1 },
  );
  expect(most).toBe(5);
  expect(new Set(await ends(backlog.length))).toEqual(new Set(['1 SENT']));
});

it('gives what becomes free to high priority first, while that waits', async () => {
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
  const some = (priority: Priority, count: number) =>
    insertNotifications(
      store.database,
      Array.from({ length: count }, () => queuedMessage({ seal, priority })),
    );
  const started: Priority[] = [];
  await some('medium', 200);
  const lanes = await startLanes({ onStart: (priority) => started.push(priority) });
  await waitFor(() => started.length > 20, { what: 'the medium ones to be under way' });
  await some('high', 40);
  lanes.wake('high');
  await waitFor(async () => (await waiting()) === 0, { what: 'an empty queue', timeoutMs: 30_000 });
  const between = started.slice(started.indexOf('high'), started.lastIndexOf('high'));
  // Those for which a claim had begun when high priority asked. Some fifty if each lane goes on with what it has.
  expect(between.filter((priority) => priority !== 'high').length).toBeLessThanOrEqual(12);
});

it('finds what comes in behind those that it has claimed, in the middle of a backlog', async () => {
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
  const some = (count: number, more: { recipient?: string; notBefore?: Date } = {}) =>
    insertNotifications(
      store.database,
      Array.from({ length: count }, () => queuedMessage({ seal, ...more })),
    );
  const started: string[] = [];
  for (let queued = 0; queued < 1_000; queued += 50) await some(50);
  await startLanes({ onStart: (_priority, recipient) => started.push(recipient) });
  await waitFor(() => started.length > 100, { what: 'a backlog that is worked off' });
  await some(1, { recipient: 'late@example.com', notBefore: new Date(Date.now() - 3_600_000) });
  await waitFor(async () => (await waiting()) === 0, { what: 'an empty queue', timeoutMs: 30_000 });
  expect(started).toHaveLength(1_001);
  expect(started.indexOf('late@example.com')).toBeLessThan(600);
});

it('leaves nothing claimed when it stops in the middle of a backlog', async () => {
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
  await insertNotifications(
    store.database,
    Array.from({ length: 300 }, () => queuedMessage({ seal, priority: 'high' })),
  );
  const started: Priority[] = [];
  const lanes = await startLanes({ onStart: (priority) => started.push(priority) });
  await waitFor(() => started.length > 40, { what: 'messages to be under way' });
  await lanes.stop();
  expect(await waiting('claimed_by IS NOT NULL')).toBe(0);
  expect(300 - (await waiting())).toBe(started.length);
  await store.database.run('DELETE FROM communications_delivery');
});

it('gives back what it claimed while it was taken for dead, as often as that happens', async () => {
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
  await insertNotifications(
    store.database,
    Array.from({ length: 20 }, () => queuedMessage({ seal, priority: 'high' })),
  );
  const started: Priority[] = [];
  let asked = 0;
  let dead = true;
  await startLanes({
    onStart: (priority) => started.push(priority),
    // Alive whenever it begins to claim, and another life of it once the answer is there.
    claimOf: (worker) => {
      let calls = 0;
      return () => {
        asked += 1;
        calls += 1;
        return { ...worker, epoch: dead && calls % 2 === 0 ? worker.epoch + 1 : worker.epoch };
      };
    },
  });
  await waitFor(async () => asked > 12, { what: 'lanes that claim again and again' });
  expect([started, await waiting()]).toEqual([[], 20]);
  dead = false;
  await waitFor(async () => (await waiting()) === 0, { what: 'an empty queue' });
  expect(new Set(await ends(20))).toEqual(new Set(['1 SENT']));
});

it('gives back what it claimed while people paused it, with no attempt burnt', async () => {
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
  await insertNotifications(
    store.database,
    (['high', 'medium'] as const).map((priority) => queuedMessage({ seal, priority })),
  );
  let held = true;
  let asked = 0;
  await startLanes({
    pause: {
      ...createProviderPause(() => performance.now()),
      held: () => {
        asked += 1;
        return held;
      },
    },
  });
  await waitFor(async () => asked > 8, { what: 'lanes that claim again and again' });
  expect(await waiting()).toBe(2);
  held = false;
  await waitFor(async () => (await waiting()) === 0, { what: 'an empty queue' });
  expect(await ends(2)).toEqual(['1 SENT', '1 SENT']);
});

/** Attempts and last status of the latest messages. */
async function ends(messages: number): Promise<string[]> {
  const row = z.object({ end: z.string() });
  const sql = `SELECT attempts || ' ' || last_status AS end FROM communications_email_log
    ORDER BY id DESC LIMIT $1`;
  return (await store.database.rows(sql, [messages], row)).map(({ end }) => end);
}
