import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { runComms } from '../helpers/run-comms.js';
import { otp } from '../helpers/sample-events.js';
import { select } from '../helpers/select.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { settled, words } from '../helpers/settled.js';
import { waitFor } from '../helpers/wait-for.js';

let bakery: Bakery;
let services: TestService[] = [];
const start = async (...names: readonly string[]) => {
  services = await Promise.all(
    names.map((name) => startTestService(bakery, { environment: { INSTANCE_ID: name } })),
  );
};
const stopAll = async () => {
  for (const service of services) await service.stop();
  services = [];
};
beforeAll(async () => {
  bakery = await openBakery();
  await start('one', 'two');
});
afterAll(async () => {
  await stopAll();
  await bakery?.close();
});

async function comms(...args: readonly string[]) {
  const run = await runComms(args, { environment: bakery.environment });
  expect((run.stdout + run.stderr).split('\n').filter((line) => line.length > 100)).toEqual([]);
  return run;
}
const publish = (id: string, change: Parameters<typeof otp>[0]) =>
  bakery.publisher.publish('otp.requested', otp(change), { id });
const queueOf = (...ids: readonly string[]) =>
  waitFor(() => ids.every((id) => bakery.statuses.of(id).length > 0), { what: `${ids} to be queued` });
const attempts = () =>
  select(
    bakery.databaseUrl,
    z.object({ recipient: z.string(), attempt: z.number(), claimed: z.boolean() }),
    `SELECT recipient, attempt, claimed_by IS NOT NULL AS claimed FROM communications_delivery ORDER BY recipient`,
  );
const UNTRIED = { attempt: 0, claimed: false };

// Each command is a process of its own: minutes on a machine that has other work.
it('sends nothing by a paused channel, whoever is restarted meanwhile, and all of it afterwards', {
  timeout: 300_000,
}, async () => {
  const paused = await comms('pause', 'email', '--note', 'asked by jane@example.com', '--by', 'amina');
  expect(paused).toMatchObject({ code: 0, stdout: expect.stringContaining('stopped: one, two') });
  expect((await comms('pause', 'email')).stdout).toMatch(/paused by amina since .* stays as it\s+is/s);

  await publish('brief', { user: { email: 'brief@example.com' }, expires_at: new Date(Date.now() + 4_000) });
  await publish('waits', { user: { email: 'waits@example.com' } });
  await publish('text', { channel: 'SMS', user: { email: null, phone: '+254700000001' } });
  expect(words(await settled(bakery, 'text'))).toEqual(['QUEUED', 'SENT']);
  expect((await settled(bakery, 'brief')).at(-1)).toMatchObject({
    status: 'FAILED',
    reason: 'expired',
    attempt: 0,
  });
  expect(await attempts()).toEqual([{ recipient: 'waits@example.com', ...UNTRIED }]);

  const [first] = services;
  const probes = (await first?.get('/readyz'))?.body ?? '';
  expect(probes).toMatch(/pause email.*paused by amina \(asked by j\*\*\*@example\.com\) until/);
  expect((await first?.get('/metrics'))?.body).toContain('comms_paused_by_people 1');
  expect((await comms('doctor')).stdout).toMatch(/warning +paused +email is paused by amina/);
  expect((await comms('why', 'waits')).stdout).toMatch(
    /Email is paused by amina.*What to do\n.*"comms resume email"/s,
  );

  await stopAll();
  await start('three');
  await publish('later', { user: { email: 'later@example.com' } });
  await publish('text-later', { channel: 'SMS', user: { email: null, phone: '+254700000002' } });
  await queueOf('later');
  await settled(bakery, 'text-later');
  expect(await attempts()).toEqual([
    { recipient: 'later@example.com', ...UNTRIED },
    { recipient: 'waits@example.com', ...UNTRIED },
  ]);
  expect(bakery.sink.accepted()).toBe(0);

  expect((await comms('resume', 'email', '--dry-run')).stdout).toContain(
    'would resume email: 2 messages waited',
  );
  const resumed = await comms('resume', 'email');
  expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining('going on: three') });
  for (const id of ['waits', 'later']) expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
  expect((await services[0]?.get('/readyz'))?.body).toContain('"degraded":[]');
  expect((await comms('resume', 'email')).stdout).toContain('email was not paused');
});

it('pauses a provider alone, and says who does not follow', async () => {
  expect(await comms('pause', 'smtp', '--json')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/"paused": true,\s+"following": \[\s+"three"/),
  });
  expect((await comms('pause')).stdout).toMatch(/^Smtp is paused by/);
  const other = await comms('pause', 'gmail');
  expect(other).toMatchObject({ code: 1, stderr: expect.stringMatching(/three did not say/) });
  await publish('by-smtp', { user: { email: 'by-smtp@example.com' } });
  await queueOf('by-smtp');
  expect(await attempts()).toEqual([{ recipient: 'by-smtp@example.com', ...UNTRIED }]);
  expect((await comms('resume', 'smtp')).stdout).toMatch(/still paused: gmail/);
  expect(words(await settled(bakery, 'by-smtp'))).toEqual(['QUEUED', 'SENT']);
  expect(await comms('resume', 'gmail')).toMatchObject({ code: 0 });
});

it('takes no slip of the pen for a channel', async () => {
  expect(await comms('pause', 'emial')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no channel or provider emial. Did you mean email?'),
  });
  expect(await comms('pause', 'sms', '--dry-run')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('would pause sms'),
  });
  expect((await comms('pause')).stdout).toBe('nothing is paused\n');
  expect(await comms('restored', '--until', '2026-03-09T08:00:00+03:00')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/"comms pause email"\s+and\s+"comms pause sms"\s+first/),
  });
});
