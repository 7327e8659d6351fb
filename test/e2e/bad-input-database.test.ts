import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { otp } from '../helpers/sample-events.js';
import { select } from '../helpers/select.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { settled } from '../helpers/settled.js';
import { execute } from '../helpers/sql.js';
import { openTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.js';
import { waitFor } from '../helpers/wait-for.js';

const counted = z.object({ n: z.number() });

describe('a database', () => {
  let bakery: Bakery;
  let proxy: TcpProxy;
  let service: TestService;
  beforeAll(async () => {
    bakery = await openBakery();
    proxy = await openTcpProxy(bakery.databaseUrl);
    service = await startTestService(bakery, { environment: { DATABASE_URL: proxy.url } });
  });
  afterAll(async () => {
    await proxy?.restore();
    await service?.stop();
    await proxy?.close();
    await bakery?.close();
  });

  let people = 0;
  const person = () => `person${people++}@example.com`;
  const publish = (to: string) => bakery.publisher.publish('otp.requested', otp({ user: { email: to } }));

  /** As many as asked for, until `done`: so that whatever happens meanwhile meets all stages of the way. */
  async function load(meanwhile: () => Promise<void>): Promise<Map<string, string>> {
    const sent = new Map<string, string>();
    let ended = false;
    const publishing = (async () => {
      while (!ended) {
        const to = Array.from({ length: 5 }, person);
        for (const [n, id] of (await Promise.all(to.map(publish))).entries()) sent.set(id, to[n] ?? '');
        await waitFor(() => bakery.sink.accepted() > sent.size - 15 || ended, {
          what: 'the queue to be short enough',
          timeoutMs: 60_000,
        });
      }
    })();
    await meanwhile();
    ended = true;
    await publishing;
    return sent;
  }

  /** Everyone has one message, or more if each says so in log and status. @returns how many are flagged */
  async function expectNothingLostOrDoubled(sent: ReadonlyMap<string, string>): Promise<number> {
    let flagged = 0;
    for (const [id, to] of sent) {
      const statuses = await settled(bakery, id, 60_000);
      expect(statuses.at(-1)?.status).toBe('SENT');
      const copies = bakery.sink.messagesTo(to).length;
      const maybe = statuses.at(-1)?.possible_duplicate === true;
      if (maybe) flagged++;
      if (!maybe) expect(copies).toBe(1);
      expect(copies).toBeGreaterThan(0);
    }
    const conflicts = await select(
      bakery.databaseUrl,
      counted,
      'SELECT count(*)::integer AS n FROM communications_dead_letter',
    );
    expect(conflicts).toEqual([{ n: 0 }]);
    return flagged;
  }

  it('that ends our connections again and again loses and doubles nothing', async () => {
    const sent = await load(async () => {
      for (let round = 0; round < 4; round++) {
        const before = bakery.sink.accepted();
        await select(
          bakery.databaseUrl,
          z.object({ gone: z.boolean() }),
          `SELECT pg_terminate_backend(pid) AS gone FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'chesanto-communications'`,
        );
        await waitFor(() => bakery.sink.accepted() > before + 5, {
          what: 'deliveries after the kill',
          timeoutMs: 60_000,
        });
      }
    });
    await expectNothingLostOrDoubled(sent);
  });

  it('that can not be reached for three seconds pauses intake, which resumes by itself', async () => {
    const sent = await load(async () => {
      await proxy.cut();
      const since = performance.now();
      await waitFor(async () => (await service.get('/readyz')).status === 503, { what: 'not to be ready' });
      expect((await service.get('/livez')).status).toBe(200);
      await waitFor(() => performance.now() - since > 3_000, { what: 'three seconds' });
      const before = bakery.sink.accepted();
      await proxy.restore();
      await waitFor(() => bakery.sink.accepted() > before + 5, {
        what: 'deliveries again',
        timeoutMs: 60_000,
      });
      await waitFor(async () => (await service.get('/readyz')).status === 200, { what: 'to be ready' });
    });
    await expectNothingLostOrDoubled(sent);
    expect(service.fatal).toEqual([]);
  });

  it('whose answer to a claim is lost has what it claimed sent all the same', async () => {
    const to = person();
    // By the name of the statement, since its text passes once for each connection. Of the claims, many of which find
    // nothing, the one that finds this.
    proxy.loseAnswerTo('claim-', to);
    const ids = await Promise.all([to, person(), person()].map(publish));
    await waitFor(() => proxy.lostAnswer(), { what: 'a claim without an answer' });
    for (const id of ids) {
      const statuses = await settled(bakery, id, 20_000);
      expect(statuses.at(-1)).toMatchObject({ status: 'SENT', attempt: 1, possible_duplicate: false });
    }
  });

  it.each([
    ['an inbox insert', 'inbox-'],
    ['a commit', 'COMMIT'],
    ['a result', 'record-'],
  ])('whose answer to %s is lost loses and doubles nothing', async (_what, statement) => {
    const sent = await load(async () => {
      for (let round = 0; round < 3; round++) {
        proxy.loseAnswerTo(statement);
        await waitFor(() => proxy.lostAnswer(), { what: 'the statement', timeoutMs: 30_000 });
      }
    });
    await expectNothingLostOrDoubled(sent);
  });

  it('that is full pauses intake without a dead letter, and resumes by itself', async () => {
    await execute(
      bakery.databaseUrl,
      `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
       CREATE TRIGGER full_disk BEFORE INSERT ON communications_inbox EXECUTE FUNCTION full_disk()`,
    );
    const to = [person(), person(), person()];
    const ids = await Promise.all(to.map(publish));
    const degraded = async () => (await service.get('/readyz')).body;
    await waitFor(async () => (await degraded()).includes('events can not be stored'), { what: 'degraded' });
    const since = performance.now();
    await waitFor(() => performance.now() - since > 2_000, { what: 'two seconds' });
    expect(to.flatMap((address) => bakery.sink.messagesTo(address))).toEqual([]);
    await execute(
      bakery.databaseUrl,
      'DROP TRIGGER full_disk ON communications_inbox; DROP FUNCTION full_disk()',
    );
    await expectNothingLostOrDoubled(new Map(ids.map((id, n) => [id, to[n] ?? ''])));
    await waitFor(async () => !(await degraded()).includes('events can not be stored'), {
      what: 'no degradation',
    });
  });
});
