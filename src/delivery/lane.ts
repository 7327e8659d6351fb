import type { Lane, Priority } from '../domain/priority.js';
import type { Permit, ProviderPause } from '../domain/provider-pause.js';
import { createWakeUp } from '../domain/wake-up.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { claimDeliveries, type WorkerClaim } from '../store/claim-deliveries.js';
import type { Database } from '../store/database.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import { releaseLostClaims } from '../store/release-claims.js';

/** Other instances' rows and retries that fall due are found at the latest after this. */
const POLL_MS = { high: 100, normal: 250 } as const;
const PRIORITIES_OF: Readonly<Record<Lane, readonly Priority[]>> = {
  high: ['high'],
  normal: ['medium', 'low'],
};
const OUTAGE_MS = 500;
/** For how long a claim that failed may still come about: a little longer than a statement may take. */
const DOUBT_MS = 40_000;
const LOOK_AGAIN_MS = 5_000;

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
  /** Takes one claimed row to its end. @returns false if that could not be recorded. Never rejects. */
  readonly deliver: (row: DeliveryRow, permit: Permit) => Promise<boolean>;
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
  const underWay = new Map<string, Promise<void>>();
  /** They may have gone out and may still be claimed: never to be taken for unsent. */
  const unrecorded = new Set<string>();
  let doubtUntil = 0;
  let lookAt = 0;
  let running = true;

  /** A claim may have been made although its answer never came; nobody else would ever free it. */
  const releaseLost = async (worker: WorkerClaim) => {
    const now = performance.now();
    if (now > doubtUntil || now < lookAt) return;
    const known = [...underWay.keys(), ...unrecorded];
    const claims = await releaseLostClaims(database, worker, PRIORITIES_OF[lane], known);
    lookAt = now + LOOK_AGAIN_MS;
    if (claims > 0) log.warn('claims whose answer was lost are free again', { lane, claims });
  };

  const claimSome = async (wanted: number): Promise<DeliveryRow[]> => {
    const worker = claim();
    if (worker === null) return [];
    await releaseLost(worker);
    const rows: DeliveryRow[] = [];
    for (const priority of PRIORITIES_OF[lane]) {
      if (rows.length < wanted) {
        rows.push(...(await claimDeliveries(database, worker, priority, wanted - rows.length)));
      }
    }
    return rows;
  };

  const start = (row: DeliveryRow, permit: Permit) => {
    const { notification_id: id } = row;
    const end = (recorded: boolean) => {
      if (recorded) unrecorded.delete(id);
      else unrecorded.add(id);
      underWay.delete(id);
      wakeUp.wake();
    };
    underWay.set(id, deliver(row, permit).then(end));
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
      doubtUntil = performance.now() + DOUBT_MS;
      lookAt = 0;
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
      await Promise.all(underWay.values());
    },
  };
}
