import type { Channel } from '../domain/channel.js';
import type { Lane, Priority } from '../domain/priority.js';
import type { Permit, ProviderPause } from '../domain/provider-pause.js';
import { createWakeUp } from '../domain/wake-up.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { claimDeliveries, type WorkerClaim } from '../store/claim-deliveries.js';
import type { Database } from '../store/database.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import { releaseClaims } from '../store/release-claims.js';
import type { Connections } from './connections.js';
import { createLostClaims } from './lost-claims.js';
import { createQueueFront } from './queue-front.js';
import type { ClaimAlong } from './recorder.js';

/**
 * Other instances' rows and retries that fall due are found at the latest after this. Text messages are few and
 * their providers slower: asking for them as often would double what an idle instance asks of the database.
 */
const POLL_MS = { email: { high: 100, normal: 250 }, sms: { high: 500, normal: 1_000 } } as const;
const PRIORITIES_OF: Readonly<Record<Lane, readonly [Priority, ...Priority[]]>> = {
  high: ['high'],
  normal: ['medium', 'low'],
};
const OUTAGE_MS = 500;

export interface DeliveryLane {
  /** There may be something to claim. */
  wake(): void;
  /** A claim for connections that `ended` results are about to free; null: the lane looks for itself when they are. */
  claimAlong(ended: number): ClaimAlong | null;
  /** Claims nothing more; resolves when what is under way has ended and is recorded. */
  stop(): Promise<void>;
}

export interface LaneOptions {
  readonly channel: Channel;
  readonly lane: Lane;
  readonly connections: Connections;
  readonly database: Database;
  readonly pause: ProviderPause;
  readonly claim: () => WorkerClaim | null;
  /** Takes one claimed row to its end. @returns false if its claim stays, unrecorded. Never rejects. */
  readonly deliver: (row: DeliveryRow, permit: Permit) => Promise<boolean>;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Claims as many rows as there are free connections, never more: what is claimed is on the wire, so a
 * kill leaves at most that many in doubt. A connection is free again when its result is recorded.
 */
export function createLane(options: LaneOptions): DeliveryLane {
  const { channel, lane, connections, database, pause, claim, deliver, metrics, log } = options;
  const [first] = PRIORITIES_OF[lane];
  const pollMs = POLL_MS[channel][lane];
  const wakeUp = createWakeUp();
  const lost = createLostClaims(database, { channel, priorities: PRIORITIES_OF[lane] }, log);
  const front = createQueueFront(pollMs, () => performance.now());
  /** By the name of the claim: the same message may be claimed again while an older claim of it is ending. */
  const underWay = new Set<string>();
  const active = new Set<Promise<void>>();
  /** Statements of the recorder that claim for this lane, and have no answer yet. */
  let alongs = 0;
  let running = true;

  const turn = async (): Promise<number> => {
    const worker = claim();
    if (worker === null) return nothingNow(pollMs);
    try {
      // What is claimed along is not among what is known before its answer is there.
      if (alongs === 0) await lost.look(worker, underWay);
    } catch (error) {
      log.warn('lost claims can not be looked for', { channel, lane }, error);
      return nothingNow(OUTAGE_MS);
    }
    // Taken last, since the other lane goes without them meanwhile.
    const free = connections.take(lane);
    const permit = pause.permit(lane, free);
    let rows: DeliveryRow[] = [];
    try {
      const claimed = await claimSome(worker, permit.sends);
      if (mayStart(worker)) rows = claimed;
      else await giveBack(claimed);
    } catch (error) {
      lost.doubt();
      log.warn('nothing can be claimed', { channel, lane }, error);
      return OUTAGE_MS;
    } finally {
      // Paused: whoever may probe is to be able to.
      connections.wants(lane, free === 0 || (rows.length > 0 && rows.length === permit.sends));
      connections.give(lane, free - rows.length);
      if (rows.length === 0) pause.unused(permit);
      for (const row of rows) start(row, permit);
    }
    return rows.length > 0 && rows.length === permit.sends ? 0 : pollMs;
  };

  /**
   * Not if an answer took so long that we may have told that nothing starts any more: we are paused, or others have
   * taken this worker for dead and what it claimed is theirs.
   */
  const mayStart = ({ epoch }: WorkerClaim): boolean => !pause.held() && claim()?.epoch === epoch;

  /** The other lane must not wait for us meanwhile. */
  const nothingNow = (forMs: number): number => {
    connections.wants(lane, false);
    return forMs;
  };

  const claimSome = async (worker: WorkerClaim, wanted: number): Promise<DeliveryRow[]> => {
    const rows: DeliveryRow[] = [];
    const started = performance.now();
    for (const priority of PRIORITIES_OF[lane]) {
      if (rows.length < wanted) {
        rows.push(...(await claimDeliveries(database, worker, { channel, priority }, wanted - rows.length)));
      }
    }
    if (rows.length > 0) metrics.stage('claim', (performance.now() - started) / 1000);
    return rows;
  };

  /** Nothing of it was handed over. If the answer is lost, it is found as a lost claim. */
  const giveBack = (rows: readonly DeliveryRow[]): Promise<number> =>
    releaseClaims(
      database,
      rows.flatMap(({ notification_id: notificationId, claim_id: claimId }) =>
        claimId === null ? [] : [{ notificationId, claimId }],
      ),
      0,
    );

  const giveBackOrDoubt = (rows: readonly DeliveryRow[]): Promise<void> =>
    giveBack(rows).then(
      () => {},
      (error: unknown) => {
        lost.doubt();
        log.warn('claims can not be given back', { channel, lane }, error);
      },
    );

  const claimAlong = (ended: number): ClaimAlong | null => {
    const worker = running && connections.mayKeep(lane) && !lost.inDoubt() ? claim() : null;
    if (worker === null) return null;
    const permit = pause.permit(lane, ended);
    if (permit.sends === 0) return null;
    alongs += 1;
    const dueFrom = front.dueFrom();
    return {
      // The first of its priorities: the others are looked for when there is nothing of this.
      claim: { worker, channel, priority: first, limit: permit.sends, dueFrom },
      claimed(rows, lastDue) {
        alongs -= 1;
        const full = rows.length === permit.sends;
        front.claimed(lastDue, full);
        // Behind the front there may be more: this lane's own turn looks there, as soon as a result ends.
        connections.wants(lane, full || dueFrom !== null);
        if (rows.length === 0) return pause.unused(permit);
        if (!running || !mayStart(worker)) {
          pause.unused(permit);
          return until(giveBackOrDoubt(rows));
        }
        connections.keep(lane, rows.length);
        for (const row of rows) start(row, permit);
      },
      failed(inDoubt) {
        alongs -= 1;
        pause.unused(permit);
        if (inDoubt) lost.doubt();
      },
    };
  };

  const start = (row: DeliveryRow, permit: Permit) => {
    const name = row.claim_id ?? row.notification_id;
    const end = (recorded: boolean) => {
      // What stays claimed may have gone out: it is known, so that nobody here takes it for lost.
      if (recorded) underWay.delete(name);
      // This lane first: it has work, and high goes before normal.
      wakeUp.wake();
      connections.give(lane, 1);
    };
    underWay.add(name);
    until(deliver(row, permit).then(end));
  };

  /** A stop waits for it. */
  const until = (work: Promise<void>) => {
    const ended = work.finally(() => active.delete(ended));
    active.add(ended);
  };

  const loop = async () => {
    while (running) await wakeUp.sleep(await turn());
  };
  const looping = loop();

  return {
    wake: wakeUp.wake,
    claimAlong,
    async stop() {
      running = false;
      wakeUp.wake();
      await looping;
      connections.wants(lane, false);
      while (active.size > 0) await Promise.all(active);
    },
  };
}
