import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../dev/stack/free-port.js';
import { accountFor } from '../helpers/accounting.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { readLog, readWorkers } from '../helpers/log-reader.js';
import { publishOtps } from '../helpers/publish-otps.js';
import { startTestService } from '../helpers/service.js';
import {
  type ServiceProcess,
  type ServiceProcessOptions,
  startServiceProcess,
} from '../helpers/service-process.js';
import { openTcpProxy } from '../helpers/tcp-proxy.js';
import { waitFor } from '../helpers/wait-for.js';

describe('comms start, told to end', () => {
  let bakery: Bakery;
  const started: ServiceProcess[] = [];
  const start = (options: ServiceProcessOptions = {}) => {
    const service = startServiceProcess(bakery, { asCommand: true, ...options });
    started.push(service);
    return service;
  };
  /** A message that the mail server has, but does not answer for a while. */
  const holdOne = async (holdMs: number): Promise<string[]> => {
    bakery.sink.behave({ stage: 'message', action: { kind: 'delay', ms: holdMs }, times: 1 });
    const ids = await publishOtps(bakery, 1);
    await waitFor(async () => (await readWorkers(bakery.databaseUrl)).some(({ claims }) => claims > 0), {
      what: 'a message on the wire',
    });
    return ids;
  };

  beforeAll(async () => {
    bakery = await openBakery();
  });
  afterAll(async () => {
    await Promise.all(started.map((service) => service.kill()));
    await bakery?.close();
  });

  it('ends what is on the wire and leaves nothing behind at the first signal', async () => {
    const service = start();
    await service.ready;
    const ids = await holdOne(1_000);
    service.send('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });

    const outcome = await accountFor(bakery, ids);
    expect(outcome).toMatchObject({ lost: [], doubled: [], flagged: [], faults: [] });
    expect(await readWorkers(bakery.databaseUrl)).toEqual([]);
  });

  it('ends at once at the second', async () => {
    const service = start({ environment: { EMAIL_TIMEOUT: '30' } });
    await service.ready;
    const [id] = await holdOne(20_000);
    service.send('SIGTERM');
    await waitFor(() => service.logged('stopping: taking nothing new, ending what is under way').length > 0, {
      what: 'the first signal to be heard',
    });
    const asked = performance.now();
    service.send('SIGINT');
    expect(await service.ended).toEqual({ code: 130, signal: null });
    // 500 ms on a quiet machine; the message itself is held for 20 s.
    expect(performance.now() - asked).toBeLessThan(1_500);
    const held = (await readLog(bakery.databaseUrl)).find(({ event_id: event }) => event === id);
    expect(held?.last_status).toBe('QUEUED');
  });

  it('ends by itself, and with 1, when a promise was rejected that nobody waits for', async () => {
    const service = start();
    await service.ready;
    service.send('SIGUSR2');
    expect(await service.ended).toEqual({ code: 1, signal: null });
    expect(service.logged('unhandled rejection: the service ends')).toHaveLength(1);
    expect(service.logged('stopped')).toHaveLength(1);
  });

  it('keeps to its limit although the database hangs, and names what was late', async () => {
    const proxy = await openTcpProxy(bakery.databaseUrl);
    const service = await startTestService(bakery, { environment: { DATABASE_URL: proxy.url } });
    try {
      await holdOne(500);
      proxy.silence();
      const asked = performance.now();
      const late = await service.stop(3_000);
      // 3 s to drain and 4 s to close.
      expect(performance.now() - asked).toBeLessThan(8_000);
      expect(late).toContain('delivery');
      const told = service.logs.filter((line) => line.includes('a part did not stop in time'));
      expect(told.map((line) => JSON.parse(line).part)).toEqual(late);
      expect(told.join('')).toContain('will be found unconfirmed');
    } finally {
      await proxy.close();
    }
  });

  it('has nothing to wait for before the database is there', async () => {
    const nowhere = `postgres://nobody:nothing@127.0.0.1:${await freePort()}/nowhere`;
    const service = start({ environment: { DATABASE_URL: nowhere } });
    await waitFor(() => service.logged('started').length > 0, { what: 'the start', timeoutMs: 30_000 });
    const asked = performance.now();
    service.send('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(2_000);
  });

  it('does not wait for a broker that is not there', async () => {
    const kafka = `127.0.0.1:${await freePort()}`;
    const service = start({ instance: 'brokerless', environment: { KAFKA_BROKERS: kafka } });
    await waitFor(
      async () => (await readWorkers(bakery.databaseUrl)).some(({ instance }) => instance === 'brokerless'),
      { what: 'its worker', timeoutMs: 30_000 },
    );
    service.send('SIGTERM');
    expect(await service.ended).toEqual({ code: 0, signal: null });
  });
});
