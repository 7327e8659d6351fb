import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountFor } from '../helpers/accounting.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { publishOtps } from '../helpers/publish-otps.js';
import {
  type ServiceProcess,
  type ServiceProcessOptions,
  startServiceProcess,
} from '../helpers/service-process.js';
import { waitFor } from '../helpers/wait-for.js';

describe('the thread that reads and publishes', () => {
  let bakery: Bakery;
  const started: ServiceProcess[] = [];
  const start = async (options: ServiceProcessOptions) => {
    const service = startServiceProcess(bakery, options);
    started.push(service);
    await service.ready;
    return service;
  };

  beforeAll(async () => {
    bakery = await openBakery();
  });
  afterAll(async () => {
    await Promise.all(started.map((service) => service.kill()));
    await bakery?.close();
  });

  it.each([
    { how: 'throw', why: 'nobody catches this' },
    { how: 'reject', why: 'nobody waits for this' },
    { how: 'hang', why: 'has not answered for 6 s' },
  ] as const)('takes the process along, so that another goes on: $how', async ({ how, why }) => {
    const victim = await start({
      instance: `victim-${how}`,
      die: { at: 'persisted', time: 1, how },
      // On a machine that is busy a thread that is well can be late for a second.
      lookMs: 1_000,
    });
    const ids = await publishOtps(bakery, 3);
    expect(await victim.ended).toEqual({ code: 1, signal: null });
    expect(JSON.stringify(victim.logs)).toContain(why);
    expect(victim.logged('the service can not go on')).toHaveLength(1);

    const heir = await start({ instance: `heir-${how}` });
    expect(await accountFor(bakery, ids)).toMatchObject({ lost: [], doubled: [], faults: [] });
    await heir.kill();
  });

  it('is counted with the rest, and its own load is told apart', async () => {
    const service = await start({ instance: 'counted', asCommand: true });
    const port = Number(service.logged('ready')[0]?.['port']);
    const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await publishOtps(bakery, 4);
    await waitFor(
      async () => /^comms_settled_total\{.*auth_otp.*outcome="accepted"\} 4$/m.test(await scrape()),
      {
        what: 'four codes to be accepted',
      },
    );
    const told = await scrape();
    expect(told).toMatch(/^comms_events_total\{topic="otp\.requested",outcome="accepted"\} 4$/m);
    expect(told).toMatch(/^comms_notifications_total\{.*auth_otp.*status="QUEUED".*\} 4$/m);
    expect(told).toMatch(/^comms_stage_seconds_count\{stage="decode"\} [1-9]/m);
    expect(told).toMatch(/^comms_database_connections_limit 10$/m);
    expect(told).toMatch(/^comms_database_connections_limit\{thread="bus"\} 10$/m);
    expect(told).toMatch(/^nodejs_active_resources\{.*thread="bus".*\} /m);
    expect(told.match(/^nodejs_eventloop_lag_p99_seconds.*$/gm)).toHaveLength(2);
    expect(told).toMatch(/^nodejs_eventloop_lag_p99_seconds\{thread="bus"\} /m);
    expect(told.match(/^process_start_time_seconds .*$/gm)).toHaveLength(1);
    expect(told.match(/^process_cpu_seconds_total .*$/gm)).toHaveLength(1);
  });
});
