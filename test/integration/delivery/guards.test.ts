import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decideTransition } from '../../../src/delivery/decide-transition.js';
import { recoverClaims } from '../../../src/delivery/recover-claims.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import type { Verdict } from '../../../src/domain/verdict.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { applyTransitions } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
import { claimDeliveries, type WorkerClaim } from '../../../src/store/claim-deliveries.js';
import type { DeliveryRow } from '../../../src/store/delivery-row.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { releaseClaims, releaseLostClaims } from '../../../src/store/release-claims.js';
import { createSeal } from '../../../src/store/sealing.js';
import { beat, claimsOf, registerWorker, removeWorker } from '../../../src/store/worker.js';
import { encodeStatus, queuedMessage } from '../../helpers/queued-message.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();
const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
const HIGH = { channel: 'email', priority: 'high' } as const;
const retries = { retryDelayMs: 1_000, maxRetries: 3 };
const log = createLog({ level: 'silent', instance: 'test', version: 'test' });

const recover = () =>
  recoverClaims({ database: store.database, encode: encodeStatus, retries, metrics: createMetrics(), log });
const silence = ({ workerId }: WorkerClaim) =>
  store.database.run(
    `UPDATE communications_worker SET beat_at = now() - interval '9 seconds' WHERE id = $1`,
    [workerId],
  );
const count = async (table: string, where = 'true'): Promise<number> => {
  const [row] = await store.database.rows(
    `SELECT count(*)::integer AS n FROM ${table} WHERE ${where}`,
    [],
    z.object({ n: z.number() }),
  );
  return row?.n ?? 0;
};
const loggedRow = z.object({
  last_status: z.string(),
  sequence: z.number(),
  attempts: z.number(),
  possible_duplicate: z.boolean(),
});
const logged = async ({ notification_id: id }: DeliveryRow) => {
  const [row] = await store.database.rows(
    `SELECT last_status, sequence, attempts, possible_duplicate FROM communications_email_log
     WHERE notification_id = $1`,
    [id],
    loggedRow,
  );
  return row;
};

async function newWorker(): Promise<WorkerClaim> {
  const worker = { workerId: uuidv7(), epoch: 1 };
  await registerWorker(store.database, worker, 'test', 5);
  return worker;
}

async function queued(): Promise<void> {
  await insertNotifications(store.database, [queuedMessage({ seal })]);
}

async function claimOne(worker: WorkerClaim): Promise<DeliveryRow> {
  const [row] = await claimDeliveries(store.database, worker, HIGH, 1);
  if (row === undefined) throw new Error('nothing could be claimed');
  return row;
}

const verdictOf = (row: DeliveryRow): Verdict =>
  decideTransition(row, { kind: 'sent', providerMessageId: 'abc' }, retries, Date.now(), 0);
const recordSent = (row: DeliveryRow) =>
  applyTransitions(store.database, [buildTransition(row, verdictOf(row), new Date(), encodeStatus)]);
const release = ({ notification_id: notificationId, claim_id: claimId }: DeliveryRow, delayMs = 0) => {
  if (claimId === null) throw new Error('the row was not claimed');
  return releaseClaims(store.database, [{ notificationId, claimId }], delayMs);
};

beforeEach(async () => {
  for (const table of ['worker', 'delivery', 'outbox', 'email_log']) {
    await store.database.run(`DELETE FROM communications_${table}`);
  }
});

describe('a message of an event', () => {
  it('is queued once, however often the event is looked at', async () => {
    const first = queuedMessage({ seal });
    const again = queuedMessage({ seal, eventRef: first.eventRef });
    const ids = await insertNotifications(store.database, [first]);
    expect([...ids]).toEqual([first.change.notificationId]);
    expect(await insertNotifications(store.database, [again])).toEqual(new Set());
    expect(await count('communications_delivery')).toBe(1);
    expect(await count('communications_outbox')).toBe(1);
    expect(await count('communications_email_log')).toBe(1);
  });

  it('comes into the log, the queue and the outbox together or not at all', async () => {
    const good = queuedMessage({ seal });
    const unpublishable = queuedMessage({ seal });
    const topic = 'x'.repeat(250);
    const broken = { ...unpublishable, message: { ...unpublishable.message, topic } };
    await expect(insertNotifications(store.database, [good, broken])).rejects.toThrow();
    for (const table of ['delivery', 'outbox', 'email_log']) {
      expect(await count(`communications_${table}`)).toBe(0);
    }
  });
});

describe('a result', () => {
  it('is recorded with its status for the bus, in one', async () => {
    await queued();
    const row = await claimOne(await newWorker());
    expect((await recordSent(row)).size).toBe(1);
    expect(await count('communications_outbox')).toBe(2);
    expect(await count('communications_delivery')).toBe(0);
    expect(await logged(row)).toMatchObject({ last_status: 'SENT', sequence: 2 });
  });

  it('is not recorded at all when its status can not be', async () => {
    await queued();
    const row = await claimOne(await newWorker());
    const transition = buildTransition(row, verdictOf(row), new Date(), encodeStatus);
    const broken = { ...transition, message: { ...transition.message, topic: 'x'.repeat(250) } };
    await expect(applyTransitions(store.database, [broken])).rejects.toThrow();
    expect(await logged(row)).toMatchObject({ last_status: 'QUEUED', sequence: 1 });
    expect(await count('communications_delivery', 'claimed_by IS NOT NULL')).toBe(1);
  });

  it('counts once, even if its answer was lost and it is recorded again', async () => {
    await queued();
    const row = await claimOne(await newWorker());
    await recordSent(row);
    expect((await recordSent(row)).size).toBe(0);
    expect(await count('communications_outbox')).toBe(2);
  });

  it('of a worker declared dead is refused, also while another one has the message', async () => {
    await queued();
    const slow = await newWorker();
    const late = await claimOne(slow);
    await silence(slow);
    expect(await recover()).toBe(1);
    expect((await recordSent(late)).size).toBe(0);

    const heir = await newWorker();
    const taken = await claimOne(heir);
    expect(taken.notification_id).toBe(late.notification_id);
    expect((await recordSent(late)).size).toBe(0);
    expect((await recordSent(taken)).size).toBe(1);
    expect(await logged(taken)).toEqual({
      last_status: 'SENT',
      sequence: 3,
      attempts: 2,
      possible_duplicate: true,
    });
  });

  it('under an earlier claim of the same worker is refused, even if the row has not moved on', async () => {
    await queued();
    const worker = await newWorker();
    const earlier = await claimOne(worker);
    expect(await release(earlier)).toBe(1);
    const row = await claimOne(worker);
    expect(row).toMatchObject({ sequence: earlier.sequence, attempt: earlier.attempt });
    expect((await recordSent(earlier)).size).toBe(0);
    expect((await recordSent(row)).size).toBe(1);
  });
});

describe('a claim that finds nothing', () => {
  it('writes nothing: an idle instance asks many times a second', async () => {
    const worker = await newWorker();
    for (let n = 0; n < 3; n++) expect(await claimDeliveries(store.database, worker, HIGH, 5)).toEqual([]);
    const lockedBy = z.object({ xmax: z.string() });
    const sql = 'SELECT xmax::text FROM communications_worker WHERE id = $1';
    expect(await store.database.rows(sql, [worker.workerId], lockedBy)).toEqual([{ xmax: '0' }]);
  });
});

describe('a claim that is given back', () => {
  it('burns no attempt and waits as long as told', async () => {
    await queued();
    const worker = await newWorker();
    expect(await release(await claimOne(worker))).toBe(1);
    expect(await claimOne(worker)).toMatchObject({ attempt: 1 });
    const [row] = await claimsOf(store.database, worker, 1);
    if (row === undefined) throw new Error('the claim is gone');
    await release(row, 60_000);
    expect(await claimDeliveries(store.database, worker, HIGH, 5)).toEqual([]);
  });

  it('again, because the first answer was lost, leaves the claim alone that was made meanwhile', async () => {
    await queued();
    const worker = await newWorker();
    const first = await claimOne(worker);
    expect(await release(first)).toBe(1);
    const second = await claimOne(worker);
    expect(await release(first)).toBe(0);
    expect(await count('communications_delivery', 'claimed_by IS NOT NULL')).toBe(1);
    expect((await recordSent(second)).size).toBe(1);
  });

  it('as lost is one its worker knows nothing of', async () => {
    await queued();
    await queued();
    const worker = await newWorker();
    const known = await claimOne(worker);
    await claimOne(worker);
    const lane = { channel: 'email', priorities: ['high'] } as const;
    expect(await releaseLostClaims(store.database, worker, lane, [known.claim_id ?? ''])).toBe(1);
    expect(await releaseLostClaims(store.database, worker, { ...lane, priorities: ['medium'] }, [])).toBe(0);
    expect((await recordSent(known)).size).toBe(1);
    expect(await claimOne(worker)).toMatchObject({ attempt: 1 });
  });
});

describe('a worker that was declared dead', () => {
  it('claims nothing more and hears of it at its next beat', async () => {
    await queued();
    const worker = await newWorker();
    expect(await beat(store.database, worker)).toBe(true);
    await silence(worker);
    // A claim keeps the row of its worker until it is cleared up after.
    await store.database.run(`UPDATE communications_worker SET dead_at = now()`);
    expect(await claimDeliveries(store.database, worker, HIGH, 5)).toEqual([]);
    expect(await beat(store.database, worker)).toBe(false);
    await recover();
    expect(await count('communications_worker')).toBe(0);
    expect(await beat(store.database, worker)).toBe(false);
  });

  it('is cleared up after once, by however many at the same time', async () => {
    for (let n = 0; n < 4; n++) await queued();
    const worker = await newWorker();
    await claimDeliveries(store.database, worker, HIGH, 4);
    await silence(worker);
    const recovered = await Promise.all([recover(), recover(), recover()]);
    expect(recovered.reduce((sum, some) => sum + some, 0)).toBe(4);
    expect(await count('communications_outbox')).toBe(8);
    expect(await count('communications_delivery', "last_status = 'UNCONFIRMED' AND possible_duplicate")).toBe(
      4,
    );
  });

  it('for the eighth time with the same message leaves that one to people', async () => {
    await queued();
    await store.database.run('UPDATE communications_delivery SET attempt = 6');
    for (const [attempt, status] of [
      [7, 'UNCONFIRMED'],
      [8, 'FAILED'],
    ] as const) {
      const worker = await newWorker();
      const row = await claimOne(worker);
      expect(row.attempt).toBe(attempt);
      await silence(worker);
      expect(await recover()).toBe(1);
      expect(await logged(row)).toMatchObject({ last_status: status, possible_duplicate: true });
    }
    expect(await count('communications_email_log', "reason = 'outcome_unknown'")).toBe(1);
    expect(await count('communications_delivery', "due_at = 'infinity'")).toBe(1);
    expect(await claimDeliveries(store.database, await newWorker(), HIGH, 5)).toEqual([]);
  });

  it('is left alone while it beats', async () => {
    await queued();
    const worker = await newWorker();
    const row = await claimOne(worker);
    expect(await recover()).toBe(0);
    expect((await recordSent(row)).size).toBe(1);
  });

  it('can not sign off while it holds a claim', async () => {
    await queued();
    const worker = await newWorker();
    const row = await claimOne(worker);
    await removeWorker(store.database, worker);
    expect(await count('communications_worker')).toBe(1);
    await recordSent(row);
    await removeWorker(store.database, worker);
    expect(await count('communications_worker')).toBe(0);
  });
});

describe('claims', () => {
  it('of several workers at once never share a message', async () => {
    for (let n = 0; n < 40; n++) await queued();
    const workers = await Promise.all(Array.from({ length: 4 }, newWorker));
    const rounds = await Promise.all(
      workers.flatMap((worker) => [
        claimDeliveries(store.database, worker, HIGH, 7),
        claimDeliveries(store.database, worker, HIGH, 7),
      ]),
    );
    const claimed = rounds.flat().map(({ notification_id: id }) => id);
    expect(new Set(claimed).size).toBe(claimed.length);
    expect(await count('communications_delivery', 'claimed_by IS NOT NULL')).toBe(claimed.length);
  });

  it('take nothing that has expired', async () => {
    await insertNotifications(store.database, [queuedMessage({ seal, expiresAt: new Date(Date.now() - 1) })]);
    expect(await claimDeliveries(store.database, await newWorker(), HIGH, 5)).toEqual([]);
  });
});

it('of a worker that is gone the log tells how much it had under way, calmly if nothing', async () => {
  const lines: string[] = [];
  const told = createLog({
    ...{ level: 'info', instance: 'survivor', version: 'test' },
    destination: { write: (line) => void lines.push(line) },
  });
  await recover();
  const [idle, busy] = [await newWorker(), await newWorker()];
  await queued();
  await claimDeliveries(store.database, busy, HIGH, 1);
  for (const worker of [idle, busy]) await silence(worker);
  await recoverClaims({
    ...{ database: store.database, encode: encodeStatus, retries, metrics: createMetrics(), log: told },
  });
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ level: 'info', instance: 'survivor', worker: 'test', claims: 0 }),
      expect.objectContaining({ level: 'warn', instance: 'survivor', worker: 'test', claims: 1 }),
    ]),
  );
  for (const line of lines) expect(line.match(/"instance"/g)).toHaveLength(1);
});
