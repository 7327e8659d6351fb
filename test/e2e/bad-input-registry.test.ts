import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { otp } from '../helpers/sample-events.js';
import { select } from '../helpers/select.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { settled, words } from '../helpers/settled.js';
import { openTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.js';
import { waitFor } from '../helpers/wait-for.js';

describe('a schema registry that is away', () => {
  let bakery: Bakery;
  let proxy: TcpProxy;
  let service: TestService;
  beforeAll(async () => {
    bakery = await openBakery();
    proxy = await openTcpProxy(z.string().parse(bakery.environment['SCHEMA_REGISTRY_URL']));
    await proxy.cut();
    service = await startTestService(bakery, {
      environment: { SCHEMA_REGISTRY_URL: proxy.url },
      tuning: { unknownSchemaGraceMs: 300 },
    });
  });
  afterAll(async () => {
    await proxy?.restore();
    await service?.stop();
    await proxy?.close();
    await bakery?.close();
  });

  const publish = (partition: number) =>
    bakery.publisher.publish('otp.requested', otp({ user: { email: `${randomUUID()}@example.com` } }), {
      partition,
    });
  const state = async () => {
    const { status, body } = await service.get('/readyz');
    return { status, body };
  };
  const rowsIn = async (table: 'inbox' | 'dead_letter') => {
    const rows = await select(
      bakery.databaseUrl,
      z.object({ n: z.number() }),
      `SELECT count(*)::integer AS n FROM communications_${table}`,
    );
    return rows[0]?.n;
  };

  it('at start: the service becomes ready and degraded, and its events wait until it is there', async () => {
    expect((await state()).status).toBe(200);
    const ids = await Promise.all([0, 1, 2].map(publish));
    await waitFor(async () => (await state()).body.includes('"registry"'), {
      what: 'the registry to be degraded',
    });
    // Longer than an id that the registry itself doesn't know is waited for.
    const since = performance.now();
    await waitFor(() => performance.now() - since > 1_500, { what: 'longer than the grace' });
    expect(await rowsIn('inbox')).toBe(0);
    expect(await rowsIn('dead_letter')).toBe(0);
    expect((await state()).status).toBe(200);
    await proxy.restore();
    for (const id of ids) expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
    await waitFor(async () => !(await state()).body.includes('"registry"'), { what: 'no degradation' });
  });

  it('later: what is written with a known schema goes on, statuses included, the rest waits', async () => {
    const known = await publish(0);
    await settled(bakery, known);
    await proxy.cut();
    const schema = JSON.stringify({
      ...JSON.parse(bakery.contracts.of('otp.requested').schema),
      doc: 'anew',
    });
    const registered = await bakery.registry.register(`${randomUUID()}-value`, schema);
    const id = 'id' in registered ? registered.id : 0;
    const eventId = randomUUID();
    const bytes = bakery.publisher.encode('otp.requested', otp());
    bytes.writeInt32BE(id, 1);
    await bakery.publisher.publishRaw([
      {
        topic: 'otp.requested',
        partition: 1,
        value: bytes,
        headers: { ce_id: eventId, ce_source: '/chesanto/auth' },
      },
    ]);
    await waitFor(async () => (await state()).body.includes('"registry"'), {
      what: 'the registry to be degraded',
    });
    const others = await Promise.all([2, 3, 4].map(publish));
    for (const other of others) expect(words(await settled(bakery, other))).toEqual(['QUEUED', 'SENT']);
    // Others that do well don't hide it.
    expect((await state()).body).toContain('"registry"');
    expect(bakery.statuses.of(eventId)).toEqual([]);
    const behind = await publish(1);
    await proxy.restore();
    for (const one of [eventId, behind])
      expect(words(await settled(bakery, one))).toEqual(['QUEUED', 'SENT']);
    expect(await rowsIn('dead_letter')).toBe(0);
    await waitFor(async () => !(await state()).body.includes('"registry"'), { what: 'no degradation' });
  });
});
