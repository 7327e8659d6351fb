import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { payloadSealedFor } from '../../../src/domain/payload.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { deadLetterSealedFor } from '../../../src/intake/dead-letter.js';
import { parkedSealedFor } from '../../../src/intake/intent.js';
import { claimDeliveries } from '../../../src/store/claim-deliveries.js';
import type { Statements } from '../../../src/store/database.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { keyUsage } from '../../../src/store/key-usage.js';
import { insertParked } from '../../../src/store/parked.js';
import { type Resealed, reseal, type SealedTable } from '../../../src/store/reseal.js';
import { createSeal } from '../../../src/store/sealing.js';
import { registerWorker } from '../../../src/store/worker.js';
import { queuedMessage } from '../../helpers/queued-message.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
const [k0, k1, k2] = ['k0', 'k1', 'k2'].map((id) => ({ id, key: randomBytes(32) }));
if (k0 === undefined || k1 === undefined || k2 === undefined) throw new Error('no keys');
const before = createSeal([k1]);
const both = createSeal([k2, k1]);
const after = createSeal([k2]);

const DELIVERY: SealedTable = { name: 'delivery', boundTo: 'notification_id', sealedFor: payloadSealedFor };
const PARKED: SealedTable = { name: 'parked', boundTo: 'id', sealedFor: parkedSealedFor };
const DEAD_LETTER: SealedTable = { name: 'dead_letter', boundTo: 'id', sealedFor: deadLetterSealedFor };
const done = (change: Partial<Resealed> = {}): Resealed => ({
  ...{ resealed: 0, busy: 0, missing: new Map(), broken: 0 },
  ...change,
});
const resealed = (table: SealedTable, db: Statements = store.database) =>
  reseal(db, table, { seal: both, firstKey: 'k2', chunk: 2 });
const sealedOf = ({ name, boundTo }: SealedTable) =>
  store.database.rows(
    `SELECT ${boundTo}::text AS id, sealed FROM communications_${name} ORDER BY communications_${name}.id`,
    [],
    z.object({ id: z.string(), sealed: z.instanceof(Buffer) }),
  );

beforeEach(() =>
  store.database.run(
    'TRUNCATE communications_delivery, communications_email_log, communications_parked, communications_dead_letter',
  ),
);
const queue = async (messages: number, seal = before): Promise<void> => {
  for (let n = 0; n < messages; n++) await insertNotifications(store.database, [queuedMessage({ seal })]);
};
async function park(rows: number): Promise<void> {
  await insertParked(
    store.database,
    Array.from({ length: rows }, (_, n) => {
      const id = uuidv7();
      const sealed = before.seal(Buffer.from(`intent ${n}`), parkedSealedFor(id));
      return {
        id,
        eventRef: n,
        rule: 'a/b',
        waitFor: 'user:1',
        sealed,
        expiresAt: new Date(Date.now() + 60_000),
      };
    }),
  );
}
async function bury(resolved: boolean): Promise<void> {
  const id = randomUUID();
  await store.database.run(
    `INSERT INTO communications_dead_letter (id, topic, partition, "offset", reason, sealed, event_type, record_time,
       resolved_at) VALUES ($1, 't', 0, $2, 'no_rule', $3, 't', now(), $4)`,
    [
      id,
      resolved ? 1 : 2,
      before.seal(Buffer.from('record'), deadLetterSealedFor(id)),
      resolved ? new Date() : null,
    ],
  );
}

it('leaves everything open to the new key alone, as it was', async () => {
  await queue(5);
  await park(3);
  await bury(true);
  await bury(false);
  const plain = (await sealedOf(DELIVERY)).map(({ id, sealed }) => before.open(sealed, payloadSealedFor(id)));
  expect(await resealed(DELIVERY)).toEqual(done({ resealed: 5 }));
  expect(await resealed(PARKED)).toEqual(done({ resealed: 3 }));
  expect(await resealed(DEAD_LETTER)).toEqual(done({ resealed: 2 }));

  const opened = async (table: SealedTable) =>
    (await sealedOf(table)).map(({ id, sealed }) => after.open(sealed, table.sealedFor(id)));
  expect(await opened(DELIVERY)).toEqual(plain);
  expect((await opened(PARKED)).map(String)).toEqual(['intent 0', 'intent 1', 'intent 2']);
  expect((await opened(DEAD_LETTER)).map(String)).toEqual(['record', 'record']);
  const usage = await keyUsage(store.database);
  expect(usage.map(({ key_id, what, rows }) => [key_id, what, rows])).toEqual([
    ['k2', 'dead_letter', 1],
    ['k2', 'dead_letter resolved', 1],
    ['k2', 'delivery', 5],
    ['k2', 'parked', 3],
  ]);
  expect(await resealed(DELIVERY)).toEqual(done());
});

it('leaves what is being sent, and what somebody else holds, and waits for neither', async () => {
  await queue(3);
  const worker = { workerId: uuidv7(), epoch: 1 };
  await registerWorker(store.database, worker, 'test', 5);
  const claimed = await claimDeliveries(store.database, worker, { channel: 'email', priority: 'high' }, 1);
  const other = new Client({ connectionString: store.url });
  await other.connect();
  await other.query('BEGIN');
  await other.query(
    'SELECT 1 FROM communications_delivery WHERE id = (SELECT max(id) FROM communications_delivery) FOR UPDATE',
  );
  expect(await resealed(DELIVERY)).toEqual(done({ resealed: 1, busy: 2 }));
  await other.query('ROLLBACK');
  await other.end();
  const [row] = claimed;
  if (row === undefined) throw new Error('nothing was claimed');
  const [now] = (await sealedOf(DELIVERY)).filter(({ id }) => id === row.notification_id);
  expect(now?.sealed).toEqual(row.sealed);
  await store.database.run(
    'UPDATE communications_delivery SET claimed_by = null, claimed_epoch = null, claimed_at = null, claim_id = null',
  );
  expect(await resealed(DELIVERY)).toEqual(done({ resealed: 2 }));
});

it('overwrites nothing that has changed since it was read', async () => {
  await queue(1);
  const changed = Buffer.from('changed meanwhile');
  const racing: Statements = {
    async rows(...args) {
      const rows = await store.database.rows(...args);
      await store.database.run('UPDATE communications_delivery SET sealed = $1', [changed]);
      return rows;
    },
    run: store.database.run,
  };
  expect(await resealed(DELIVERY, racing)).toEqual(done({ busy: 1 }));
  expect((await sealedOf(DELIVERY))[0]?.sealed).toEqual(changed);
});

it('tells of what it can not open', async () => {
  await queue(2, createSeal([k0]));
  await queue(1);
  await queue(1);
  await store.database.run(`UPDATE communications_delivery SET sealed = sealed || '\\x00' WHERE id = (
    SELECT max(id) FROM communications_delivery)`);
  expect(await resealed(DELIVERY)).toEqual(done({ resealed: 1, missing: new Map([['k0', 2]]), broken: 1 }));
});
