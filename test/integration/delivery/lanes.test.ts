import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createConnections } from '../../../src/delivery/connections.js';
import { decideTransition } from '../../../src/delivery/decide-transition.js';
import { createLane, type DeliveryLane } from '../../../src/delivery/lane.js';
import { LANES, type Lane } from '../../../src/domain/priority.js';
import { createProviderPause } from '../../../src/domain/provider-pause.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { applyTransitions } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
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
async function startLanes(pause = createProviderPause(() => performance.now())): Promise<void> {
  const worker = { workerId: uuidv7(), epoch: 1 };
  await registerWorker(store.database, worker, 'test', 5);
  const lanes = new Map<Lane, DeliveryLane>();
  const connections = createConnections({ all: 5, forHigh: 2 }, (lane) => lanes.get(lane)?.wake());
  for (const lane of LANES) {
    lanes.set(
      lane,
      createLane({
        channel: 'email',
        lane,
        connections,
        database: store.database,
        pause,
        claim: () => worker,
        deliver: async (row) => {
          await delay(SEND_MS);
          await recordSent(row);
          return true;
        },
        metrics: createMetrics(),
        log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
      }),
    );
  }
  onTestFinished(async () => {
    for (const lane of lanes.values()) await lane.stop();
  });
}

function recordSent(row: DeliveryRow): Promise<unknown> {
  const sent = { kind: 'sent', providerMessageId: 'abc' } as const;
  const verdict = decideTransition(row, sent, { retryDelayMs: 1_000, maxRetries: 3 }, Date.now(), 0);
  return applyTransitions(store.database, [buildTransition(row, verdict, new Date(), encodeStatus)]);
}

async function waiting(): Promise<number> {
  const sql = 'SELECT count(*)::integer AS n FROM communications_delivery';
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

it('gives back what it claimed while people paused it, with no attempt burnt', async () => {
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
  await insertNotifications(
    store.database,
    (['high', 'medium'] as const).map((priority) => queuedMessage({ seal, priority })),
  );
  let held = true;
  let asked = 0;
  await startLanes({
    ...createProviderPause(() => performance.now()),
    held: () => {
      asked += 1;
      return held;
    },
  });
  await waitFor(async () => asked > 8, { what: 'lanes that claim again and again' });
  expect(await waiting()).toBe(2);
  held = false;
  await waitFor(async () => (await waiting()) === 0, { what: 'an empty queue' });
  const ends = z.object({ attempts: z.number(), status: z.string() });
  const sql = `SELECT attempts, last_status AS status FROM communications_email_log ORDER BY id DESC LIMIT 2`;
  expect(await store.database.rows(sql, [], ends)).toEqual(Array(2).fill({ attempts: 1, status: 'SENT' }));
});
