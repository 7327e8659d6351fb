import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { otp, profile } from '../helpers/sample-events.js';
import { select } from '../helpers/select.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { settled, words } from '../helpers/settled.js';
import { execute } from '../helpers/sql.js';
import { waitFor } from '../helpers/wait-for.js';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

describe('a key that is gone', () => {
  let bakery: Bakery;
  let service: TestService | undefined;
  const [k1, wrongK1, k2] = [key('k1'), key('k1'), key('k2')];
  beforeAll(async () => {
    bakery = await openBakery();
  });
  afterAll(async () => {
    await service?.stop();
    await bakery?.close();
  });

  const restart = async (keys: string) => {
    await service?.stop();
    // What waits for a key is looked at every 15 s; here it is due at once.
    await execute(
      bakery.databaseUrl,
      "UPDATE communications_delivery SET due_at = now() WHERE due_at < 'infinity'",
    );
    service = await startTestService(bakery, { environment: { PAYLOAD_KEYS: keys } });
    return service;
  };
  const publish = (email: string | null, userId: number | null = null) =>
    bakery.publisher.publish('otp.requested', otp({ user: { email, user_id: userId } }));
  const logged = (ids: readonly string[]) =>
    select(
      bakery.databaseUrl,
      z.object({ status: z.string(), attempts: z.number() }),
      `SELECT l.status, l.attempts FROM communications_email_log l
       JOIN communications_inbox i ON i.id = l.event_ref WHERE i.event_id = ANY($1)`,
      [ids],
    );

  it('keeps its messages waiting, whatever else goes on, and lets them go when it is back', async () => {
    const refuseAll = bakery.sink.behave({ stage: 'connect', action: { kind: 'reply', code: 421 } });
    await restart(k1);
    const waiting = await Promise.all(['a@example.com', 'b@example.com'].map((to) => publish(to)));
    const parked = await publish(null, 93);
    await waitFor(async () => (await logged(waiting)).length === 2, { what: 'two messages in the log' });
    await service?.stop();
    service = undefined;
    refuseAll();

    for (const keys of [k2, `${k2},${wrongK1}`]) {
      const { get, fatal } = await restart(keys);
      const degraded = async () => (await get('/readyz')).body.includes('"payload_keys"');
      await waitFor(degraded, { what: 'payload_keys to be degraded' });
      await bakery.publisher.publish('profile.updated', profile({ user_id: 93 }), { key: '93' });
      const good = await publish(`${keys.length}@example.com`);
      expect(words(await settled(bakery, good))).toEqual(['QUEUED', 'SENT']);
      // A message that opens says nothing of those that don't.
      expect(await degraded()).toBe(true);
      expect((await get('/readyz')).status).toBe(200);
      expect(fatal).toEqual([]);
      expect(await logged(waiting)).toEqual([
        { status: 'PENDING', attempts: 0 },
        { status: 'PENDING', attempts: 0 },
      ]);
      expect(bakery.statuses.of(parked)).toEqual([]);
    }

    const { get } = await restart(`${k2},${k1}`);
    for (const id of [...waiting, parked]) {
      const statuses = await settled(bakery, id);
      expect(words(statuses)).toEqual(['QUEUED', 'SENT']);
      expect(statuses.at(-1)?.attempt).toBe(1);
    }
    expect((await get('/readyz')).body).not.toContain('"payload_keys"');
  });
});
