import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { cloudEventHeaders } from '../../../dev/bakery/publisher.js';
import type { BusRecord } from '../../../src/bus/record.js';
import { createDecoder } from '../../../src/contracts/decoder.js';
import { encodeBody, frame } from '../../../src/contracts/encode.js';
import { registerAll } from '../../../src/contracts/register-all.js';
import { createRegistry } from '../../../src/contracts/registry.js';
import type { Events } from '../../../src/generated/events.js';
import { createIntake, type IntakeOptions } from '../../../src/intake/handle-records.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { loadDefinitions } from '../../../src/service/load-definitions.js';
import { DatabaseUnavailable } from '../../../src/store/database-failure.js';
import { createDigester } from '../../../src/store/keyed-hash.js';
import { createSeal } from '../../../src/store/sealing.js';
import { encodeStatus } from '../../helpers/queued-message.js';
import { otp } from '../../helpers/sample-events.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();
const PREFIX = `t${randomBytes(5).toString('hex')}.`;
const { contracts, ruleBook, templates } = loadDefinitions();
const keys = [{ id: 'k1', key: randomBytes(32) }];
let handle: ReturnType<typeof createIntake>;
let handleFailing: ReturnType<typeof createIntake>;
let schemaId: number;

beforeAll(async () => {
  const url = inject('stackVariables')['SCHEMA_REGISTRY_URL'] ?? '';
  const registry = createRegistry({ url, username: null, password: null, timeoutMs: 10_000 });
  const reports = await registerAll(contracts, registry, PREFIX);
  const result = reports.find(({ event }) => event === 'otp.requested')?.result;
  if (result === undefined || result.kind === 'incompatible')
    throw new Error('otp.requested is not registered');
  schemaId = result.id;
  const options: IntakeOptions = {
    contracts,
    ruleBook,
    templates,
    decoder: createDecoder<Events>({ contracts, registry, now: () => new Date(), unknownGraceMs: 1_000 }),
    digester: createDigester(keys),
    seal: createSeal(keys),
    encode: encodeStatus,
    providers: { email: 'smtp', sms: 'sink' },
    limitsOf: () => ({ perRule: null, perRecipient: null }),
    templateVersion: () => 1,
    topicPrefix: PREFIX,
    database: store.database,
    metrics: createMetrics(),
    log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
    reach: () => {},
    profilesRead: () => true,
    onStored: () => {},
    onDegraded: () => {},
  };
  handle = createIntake(options);
  // Asked for once the inbox has its rows.
  const rulesOf = () => {
    throw new DatabaseUnavailable('as if the connection had broken');
  };
  handleFailing = createIntake({ ...options, ruleBook: { ...ruleBook, rulesOf } });
});

const records = (count: number): BusRecord[] =>
  Array.from({ length: count }, (_, n) => {
    const id = randomUUID();
    const headers = Object.entries(cloudEventHeaders('auth', 'otp.requested', { id }));
    return {
      topic: `${PREFIX}otp.requested`,
      partition: 0,
      offset: BigInt(n),
      timestamp: Date.now(),
      key: Buffer.from(id),
      value: frame(schemaId, encodeBody(contracts.of('otp.requested'), otp())),
      headers: Object.fromEntries(headers.map(([name, value]) => [name, Buffer.from(value)])),
    };
  });

const figures = z.object({ inbox: z.number(), log: z.number(), queue: z.number(), outbox: z.number() });
async function stored() {
  const [row] = await store.database.rows(
    `SELECT (SELECT count(*) FROM communications_inbox)::integer AS inbox,
            (SELECT count(*) FROM communications_email_log)::integer AS log,
            (SELECT count(*) FROM communications_delivery)::integer AS queue,
            (SELECT count(*) FROM communications_outbox)::integer AS outbox`,
    [],
    figures,
  );
  return row;
}
const each = (count: number) => ({ inbox: count, log: count, queue: count, outbox: count });

describe('events that are delivered again', () => {
  it('lead to nothing new: after a lost offset, in other chunks, or to two instances at once', async () => {
    const batch = records(12);
    expect(await handle(batch)).toEqual({ kind: 'stored' });
    expect(await stored()).toEqual(each(12));
    await handle(batch);
    await handle(batch.slice(5));
    expect(await stored()).toEqual(each(12));

    const more = records(30);
    await Promise.all([handle(more), handle(more.slice(10)), handle([...more].reverse())]);
    expect(await stored()).toEqual(each(42));
  });

  it('lead to nothing new when one chunk holds them twice', async () => {
    const before = (await stored())?.inbox ?? 0;
    const [one] = records(1);
    if (one === undefined) throw new Error('no record');
    await handle([one, { ...one, offset: one.offset + 1n }]);
    expect(await stored()).toEqual(each(before + 1));
  });

  it('are not taken for known when storing them broke off halfway', async () => {
    const before = (await stored())?.inbox ?? 0;
    const batch = records(3);
    expect(await handleFailing(batch)).toMatchObject({ kind: 'wait' });
    expect(await stored()).toEqual(each(before));
    await handle(batch);
    expect(await stored()).toEqual(each(before + 3));
  });
});
