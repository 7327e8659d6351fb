import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decideTransition } from '../../../src/delivery/decide-transition.js';
import type { SendOutcome } from '../../../src/domain/send-outcome.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import type { Transition } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
import { claimDeliveries, type WorkerClaim } from '../../../src/store/claim-deliveries.js';
import type { DeliveryRow } from '../../../src/store/delivery-row.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { recordAndClaim } from '../../../src/store/record-and-claim.js';
import { createSeal } from '../../../src/store/sealing.js';
import { registerWorker } from '../../../src/store/worker.js';
import { encodeStatus, queuedMessage } from '../../helpers/queued-message.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();
const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
const HIGH = { channel: 'email', priority: 'high' } as const;
const SENT: SendOutcome = { kind: 'sent', providerMessageId: 'abc' };

async function newWorker(): Promise<WorkerClaim> {
  const worker = { workerId: uuidv7(), epoch: 1 };
  await registerWorker(store.database, worker, 'test', 5);
  return worker;
}

/** So many messages, of which the first few are claimed. */
async function claimedOf(worker: WorkerClaim, messages: number, claims: number): Promise<DeliveryRow[]> {
  await insertNotifications(
    store.database,
    Array.from({ length: messages }, () => queuedMessage({ seal })),
  );
  return claimDeliveries(store.database, worker, HIGH, claims);
}

function result(row: DeliveryRow, outcome: Exclude<SendOutcome, { kind: 'provider' }> = SENT): Transition {
  const verdict = decideTransition(row, outcome, { retryDelayMs: 0, maxRetries: 3 }, Date.now(), 0);
  return buildTransition(row, verdict, new Date(), encodeStatus);
}

const idsOf = (rows: readonly DeliveryRow[]) => new Set(rows.map(({ notification_id: id }) => id));

describe('recording and claiming in one statement', () => {
  it('records what is under way and claims what waits, as many as were asked for', async () => {
    const worker = await newWorker();
    const [one, other, ...more] = await claimedOf(worker, 6, 2);
    if (one === undefined || other === undefined) throw new Error('two were to be claimed');
    expect(more).toEqual([]);
    const both = await recordAndClaim(store.database, [result(one), result(other)], {
      worker,
      ...HIGH,
      limit: 3,
      dueFrom: null,
    });
    expect(both.recorded).toEqual(idsOf([one, other]));
    expect(both.claimed).toHaveLength(3);
    expect(both.claimed.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    expect(await claimDeliveries(store.database, worker, HIGH, 9)).toHaveLength(1);
  });

  it('records where nothing waits', async () => {
    const worker = await newWorker();
    const rows = await claimedOf(worker, 3, 3);
    const both = await recordAndClaim(
      store.database,
      rows.map((row) => result(row)),
      { worker, ...HIGH, limit: 3, dueFrom: null },
    );
    expect(both).toEqual({ recorded: idsOf(rows), claimed: [], lastDue: null, unreadable: null });
  });

  it('claims nothing that it has only just put back', async () => {
    const worker = await newWorker();
    const [row] = await claimedOf(worker, 1, 1);
    if (row === undefined) throw new Error('one was to be claimed');
    const again = result(row, { kind: 'transient', reason: 'unreachable', detail: '' });
    const both = await recordAndClaim(store.database, [again], { worker, ...HIGH, limit: 5, dueFrom: null });
    expect(both).toEqual({ recorded: idsOf([row]), claimed: [], lastDue: null, unreadable: null });
  });

  it('claims although what it was to record is another one by now', async () => {
    const [zombie, heir] = [await newWorker(), await newWorker()];
    const [row] = await claimedOf(zombie, 2, 1);
    if (row === undefined) throw new Error('one was to be claimed');
    const late = { ...row, claim_id: uuidv7() };
    const both = await recordAndClaim(store.database, [result(late)], {
      worker: heir,
      ...HIGH,
      limit: 5,
      dueFrom: null,
    });
    expect(both.recorded).toEqual(new Set());
    expect(both.claimed).toHaveLength(1);
    expect(idsOf(both.claimed).has(row.notification_id)).toBe(false);
  });

  it('records although what it claimed can not be read', async () => {
    const worker = await newWorker();
    const [row] = await claimedOf(worker, 2, 1);
    if (row === undefined) throw new Error('one was to be claimed');
    await store.database.run(
      `UPDATE communications_delivery SET status_facts = '{}' WHERE claimed_by IS NULL`,
    );
    const both = await recordAndClaim(store.database, [result(row)], {
      worker,
      ...HIGH,
      limit: 5,
      dueFrom: null,
    });
    expect(both).toMatchObject({ recorded: idsOf([row]), claimed: [] });
    expect(String(both.unreadable)).toContain('channel');
    await store.database.run('DELETE FROM communications_delivery');
  });

  it('claims nothing for a worker that was declared dead, and records its result nevertheless', async () => {
    const worker = await newWorker();
    const [row] = await claimedOf(worker, 2, 1);
    if (row === undefined) throw new Error('one was to be claimed');
    await store.database.run('UPDATE communications_worker SET dead_at = now() WHERE id = $1', [
      worker.workerId,
    ]);
    const both = await recordAndClaim(store.database, [result(row)], {
      worker,
      ...HIGH,
      limit: 5,
      dueFrom: null,
    });
    expect(both).toEqual({ recorded: idsOf([row]), claimed: [], lastDue: null, unreadable: null });
  });
});
