import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { STATUS_TOPIC } from '../../src/contracts/status-encoder.js';
import type { Tuning } from '../../src/service/tuning.js';
import { migrateUp } from '../../src/store/migrations.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { otp, profile } from '../helpers/sample-events.js';
import { select } from '../helpers/select.js';
import { startUnready } from '../helpers/service.js';
import { settled, words } from '../helpers/settled.js';
import { execute, withDatabase } from '../helpers/sql.js';
import { openTcpProxy } from '../helpers/tcp-proxy.js';
import { waitFor } from '../helpers/wait-for.js';

const answer = z.object({
  ready: z.boolean(),
  parts: z.object({ database: z.boolean(), migrations: z.boolean(), firstJoin: z.boolean() }),
  degraded: z.array(z.object({ part: z.string(), why: z.string() })),
});

describe('readiness', () => {
  let bakery: Bakery;
  const closing: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    bakery = await openBakery();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await bakery.close();
  });

  async function start(environment: Readonly<Record<string, string>>, tuning: Partial<Tuning> = {}) {
    const service = await startUnready(bakery, { environment, tuning });
    closing.push(() => service.stop());
    const readyz = async () => {
      const { status, body } = await service.get('/readyz');
      return { status, ...answer.parse(JSON.parse(body)) };
    };
    const live = async () => (await service.get('/livez')).status;
    return { service, readyz, live };
  }
  async function proxyTo(url: string) {
    const proxy = await openTcpProxy(url);
    closing.push(() => proxy.close());
    return proxy;
  }
  /** Nobody writes a contact until it ends. */
  async function lockContacts() {
    const client = new Client({ connectionString: bakery.databaseUrl });
    await client.connect();
    closing.push(() => client.end().catch(() => undefined));
    await client.query('BEGIN; LOCK TABLE communications_contact IN EXCLUSIVE MODE');
    return client;
  }
  const publish = () => bakery.publisher.publish('otp.requested', otp());

  it('waits for the database, its migrations and the first join, and lives all the while', async () => {
    const kafka = await proxyTo(`kafka://${bakery.environment['KAFKA_BROKERS']}`);
    const empty = `empty_${bakery.prefix.replace('.', '')}`;
    const maintenance = withDatabase(bakery.databaseUrl, 'postgres');
    await execute(maintenance, `CREATE DATABASE ${empty}`);
    closing.push(() => execute(maintenance, `DROP DATABASE ${empty} WITH (FORCE)`));
    const database = await proxyTo(withDatabase(bakery.databaseUrl, empty));
    await Promise.all([kafka.cut(), database.cut()]);
    const { service, readyz, live } = await start({
      DATABASE_URL: database.url,
      KAFKA_BROKERS: `127.0.0.1:${kafka.port}`,
    });

    await waitFor(async () => (await readyz()).degraded.some(({ part }) => part === 'database'), {
      what: 'the database to be missed',
    });
    expect(await readyz()).toMatchObject({
      status: 503,
      ready: false,
      parts: { database: false, migrations: false, firstJoin: false },
    });
    expect(await live()).toBe(200);

    await database.restore();
    const behind = await waitFor(
      async () => {
        const { degraded, ...rest } = await readyz();
        return (
          rest.parts.database && degraded.some(({ part }) => part === 'migrations') && { ...rest, degraded }
        );
      },
      { what: 'the migrations to be missed' },
    );
    expect(behind).toMatchObject({
      status: 503,
      parts: { database: true, migrations: false, firstJoin: false },
    });
    expect(behind.degraded.find(({ part }) => part === 'migrations')?.why).toContain('comms migrate');

    await migrateUp(withDatabase(bakery.databaseUrl, empty));
    await waitFor(async () => (await readyz()).parts.migrations, { what: 'the migrations to be there' });
    expect(await readyz()).toMatchObject({
      status: 503,
      parts: { database: true, migrations: true, firstJoin: false },
    });
    expect(await live()).toBe(200);

    await kafka.restore();
    await waitFor(async () => (await readyz()).ready, { what: 'to be ready', timeoutMs: 40_000 });
    await service.ready;
    expect(await readyz()).toMatchObject({
      status: 200,
      parts: { database: true, migrations: true, firstJoin: true },
      degraded: [],
    });
    const id = await publish();
    expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);

    await database.cut();
    await waitFor(async () => (await readyz()).status === 503, { what: 'not to be ready' });
    expect(await live()).toBe(200);
    await database.restore();
    await waitFor(async () => (await readyz()).status === 200, { what: 'to be ready again' });
  });

  it('is not lost by a registry that gives nonsense: degraded, and told why', async () => {
    // A server that speaks no HTTP.
    const registry = await proxyTo(`smtp://127.0.0.1:${bakery.sink.port}`);
    const { readyz } = await start({ SCHEMA_REGISTRY_URL: `http://127.0.0.1:${registry.port}` });
    await waitFor(async () => (await readyz()).ready, { what: 'to be ready', timeoutMs: 40_000 });
    await publish();
    const state = await waitFor(
      async () => {
        const seen = await readyz();
        return seen.degraded.some(({ part }) => part === 'registry') && seen;
      },
      { what: 'the registry to be degraded' },
    );
    expect(state.status).toBe(200);
  });

  it('does not wait for topics that do not exist, and names them whether or not anybody asks', async () => {
    const admin = bakery.kafka.admin();
    await admin.connect();
    closing.push(() => admin.disconnect());
    const topics = (await admin.listTopics()).filter(
      (topic) => topic.startsWith(bakery.prefix) && !topic.includes('communications.'),
    );
    await admin.deleteTopics({ topics });
    await waitFor(async () => !(await admin.listTopics()).some((topic) => topics.includes(topic)), {
      what: 'the topics to be gone',
    });

    const { service, readyz } = await start({}, { missingTopicsMs: 500 });
    await service.ready;
    const named = (topic: string) =>
      service.logs.some((line) => line.includes('"degraded"') && line.includes(`topic ${topic}`));
    await waitFor(() => topics.every(named), { what: 'every topic to be named' });
    const state = await readyz();
    expect(state).toMatchObject({ status: 200, parts: { firstJoin: true } });
    expect(state.degraded.map(({ part }) => part)).toEqual(
      expect.arrayContaining(topics.map((topic) => `topic ${topic}`)),
    );

    await admin.createTopics({
      topics: topics.map((topic) => ({ topic, numPartitions: 1 })),
      waitForLeaders: false,
    });
    await waitFor(async () => (await readyz()).degraded.length === 0, {
      what: 'nothing to be degraded',
      timeoutMs: 40_000,
    });
    expect(words(await settled(bakery, await publish()))).toEqual(['QUEUED', 'SENT']);
  });

  it('tells of profiles that were not all read at start until they are', async () => {
    // The directory can't take them yet.
    const hold = await lockContacts();
    await bakery.publisher.publish('profile.updated', profile({ user_id: 7 }), { key: '7' });
    const { service, readyz } = await start({}, { profileGateMs: 300 });
    await service.ready;
    const told = async () => (await readyz()).degraded.some(({ part }) => part === 'profiles');
    await waitFor(told, { what: 'the profiles to be missed' });
    await hold.end();
    await waitFor(async () => !(await told()), { what: 'the profiles to be there', timeoutMs: 30_000 });
  });

  it('is not lost by a missing status topic: statuses wait and are published once it is there', async () => {
    const topic = `${bakery.prefix}${STATUS_TOPIC}`;
    const admin = bakery.kafka.admin();
    await admin.connect();
    closing.push(() => admin.disconnect());
    await bakery.statuses.close();
    await admin.deleteTopics({ topics: [topic] });
    await waitFor(async () => !(await admin.listTopics()).includes(topic), { what: 'the topic to be gone' });

    const { readyz } = await start({});
    await waitFor(async () => (await readyz()).ready, { what: 'to be ready', timeoutMs: 40_000 });
    await Promise.all([publish(), publish()]);
    await waitFor(() => bakery.sink.accepted() === 2, { what: 'both mails' });
    const waiting = async () => {
      const rows = await select(
        bakery.databaseUrl,
        z.object({ n: z.number() }),
        'SELECT count(*)::integer AS n FROM communications_outbox',
      );
      return rows[0]?.n;
    };
    await waitFor(async () => (await waiting()) === 4, { what: 'QUEUED and SENT of both in the outbox' });
    const outbox = await waitFor(
      async () => (await readyz()).degraded.find(({ part }) => part === 'outbox'),
      { what: 'the outbox to be degraded' },
    );
    expect(outbox.why).toContain(`${topic} does not exist`);
    expect((await readyz()).status).toBe(200);

    await admin.createTopics({
      topics: [{ topic, numPartitions: 6, replicationFactor: 1 }],
      waitForLeaders: false,
    });
    await waitFor(async () => (await waiting()) === 0, { what: 'the outbox to be empty', timeoutMs: 30_000 });
    await waitFor(async () => (await readyz()).degraded.length === 0, { what: 'nothing to be degraded' });
    const offsets = await admin.fetchTopicOffsets(topic);
    expect(offsets.reduce((sum, { high }) => sum + Number(high), 0)).toBe(4);
  });
});
