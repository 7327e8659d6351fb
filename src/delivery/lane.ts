import type { Lane, Priority } from '../domain/priority.js';
import type { Permit, ProviderPause } from '../domain/provider-pause.js';
import { createWakeUp } from '../domain/wake-up.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { claimDeliveries, type WorkerClaim } from '../store/claim-deliveries.js';
import type { Database } from '../store/database.js';
import type { DeliveryRow } from '../store/delivery-row.js';

/** Other instances' rows and retries that fall due are found at the latest after this. */
const POLL_MS = { high: 100, normal: 250 } as const;
const PRIORITIES_OF: Readonly<Record<Lane, readonly Priority[]>> = {
  high: ['high'],
  normal: ['medium', 'low'],
};
const OUTAGE_MS = 500;

export interface DeliveryLane {
  /** There may be something to claim. */
  wake(): void;
  /** Claims nothing more; resolves when what is under way has ended and is recorded. */
  stop(): Promise<void>;
}

export interface LaneOptions {
  readonly lane: Lane;
  readonly connections: number;
  readonly database: Database;
  readonly pause: ProviderPause;
  readonly claim: () => WorkerClaim | null;
  /** Takes one claimed row to its end, recorded. Never rejects. */
  readonly deliver: (row: DeliveryRow, permit: Permit) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Claims as many rows as there are free connections, never more: what is claimed is on the wire, so a
 * kill leaves at most that many in doubt. A connection is free again when its result is recorded.
 */
export function createLane(options: LaneOptions): DeliveryLane {
  const { lane, connections, database, pause, claim, deliver, metrics, log } = options;
  const wakeUp = createWakeUp();
  const underWay = new Set<Promise<void>>();
  let running = true;

  const claimSome = async (wanted: number): Promise<DeliveryRow[]> => {
    const worker = claim();
    if (worker === null) return [];
    const rows: DeliveryRow[] = [];
    for (const priority of PRIORITIES_OF[lane]) {
      if (rows.length < wanted) {
        rows.push(...(await claimDeliveries(database, worker, priority, wanted - rows.length)));
      }
    }
    return rows;
  };

  const start = (row: DeliveryRow, permit: Permit) => {
    const delivery = deliver(row, permit).finally(() => {
      underWay.delete(delivery);
      wakeUp.wake();
    });
    underWay.add(delivery);
  };

  const turn = async (): Promise<number> => {
    const free = connections - underWay.size;
    const permit = pause.permit(lane, free);
    if (permit.sends === 0) return POLL_MS[lane];
    const started = performance.now();
    let rows: DeliveryRow[];
    try {
      rows = await claimSome(permit.sends);
    } catch (error) {
      pause.unused(permit);
      log.warn('nothing can be claimed', { lane }, error);
      return OUTAGE_MS;
    }
    if (rows.length === 0) {
      pause.unused(permit);
      return POLL_MS[lane];
    }
    metrics.stage('claim', (performance.now() - started) / 1000);
    for (const row of rows) start(row, permit);
    return rows.length < permit.sends ? POLL_MS[lane] : 0;
  };

  const loop = async () => {
    while (running) await wakeUp.sleep(await turn());
  };
  const looping = loop();

  return {
    wake: wakeUp.wake,
    async stop() {
      running = false;
      wakeUp.wake();
      await looping;
      await Promise.all(underWay);
    },
  };
}
