import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { runComms } from '../helpers/run-comms.js';
import { otp } from '../helpers/sample-events.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { settled, words } from '../helpers/settled.js';
import { execute } from '../helpers/sql.js';
import { waitFor } from '../helpers/wait-for.js';

let bakery: Bakery;
let service: TestService;
beforeAll(async () => {
  bakery = await openBakery();
  service = await startTestService(bakery, { environment: { BRAKE_PER_RECIPIENT: '1/1h' } });
});
afterAll(async () => {
  await service?.stop();
  await bakery?.close();
});

/** As a person runs it, beside another window. */
async function comms(...args: readonly string[]) {
  const run = await runComms(args, { environment: bakery.environment });
  const wide = (run.stdout + run.stderr).split('\n').filter((line) => line.length > 100);
  expect(wide).toEqual([]);
  return run;
}

const publish = (id: string, change: Parameters<typeof otp>[0]) =>
  bakery.publisher.publish('otp.requested', otp(change), { id, subject: `subject-of-${id}` });

/** Waits until it tells this. */
const whySays = (id: string, text: RegExp) =>
  waitFor(
    async () => {
      const { code, stdout } = await comms('why', id);
      return code === 0 && text.test(stdout) && stdout;
    },
    { what: `comms why ${id} to tell ${text}`, timeoutMs: 30_000, everyMs: 100 },
  );

it('tells of a message that was sent, by whatever it is known', async () => {
  await publish('sent', { user: { email: 'sent@example.com' } });
  const [queued] = await settled(bakery, 'sent');
  for (const what of ['subject-of-sent', queued?.notification_id ?? '', 'Sent@example.com']) {
    const { code, stdout } = await comms('why', what);
    expect(code).toBe(0);
    expect(stdout).toMatch(/SENT/);
    expect(stdout).toContain('s***@example.com');
    expect(stdout).not.toMatch(/sent@example\.com|482913|^What to do/im);
  }
});

it('sends a failed message again once the cause is mended, and tells both stories', async () => {
  const mend = bakery.sink.behave({
    stage: 'rcpt',
    action: { kind: 'reply', code: 550, text: '5.1.1 no such user failed@example.com here, code 482913' },
    address: 'failed@example.com',
  });
  await publish('failed', { user: { email: 'failed@example.com' } });
  const before = await settled(bakery, 'failed');
  const id = before[0]?.notification_id ?? '';
  const told = await comms('why', id);
  expect(told.stdout).toMatch(/FAILED \(bad_address\): given up/);
  expect(told.stdout).toMatch(/What to do\n.*Correct the address/s);
  expect(told.stdout).not.toMatch(/failed@example|482913/);

  expect((await comms('resend', id, '--dry-run')).stdout).toMatch(/would be\n.* sent again/);
  mend();
  const { code, stdout } = await comms('resend', id);
  expect(code).toBe(0);
  const [, as = ''] = /on its way again, as (\S+)/.exec(stdout) ?? [];
  const statuses = () => bakery.statuses.all.filter((one) => one.notification_id === as);
  await waitFor(() => statuses().some(({ status }) => status === 'SENT'), { what: 'the second to be sent' });
  expect(words(statuses())).toEqual(['QUEUED', 'SENT']);
  expect(statuses()[0]).toMatchObject({ sequence: 1, source_event_id: 'failed' });
  expect(bakery.statuses.all.filter((one) => one.notification_id === id)).toEqual(before);
  expect(bakery.sink.messagesTo('failed@example.com')).toHaveLength(1);

  const after = await comms('why', 'failed');
  expect(after.stdout).toContain(`sent it again, as ${as}`);
  expect(after.stdout).toContain(`in place of ${id}`);
  expect(after.stdout).not.toContain('What to do');
  expect(await comms('resend', id)).toMatchObject({ code: 1, stdout: expect.stringContaining(`as ${as}`) });
});

it('tells why nothing was sent, and what is waited for', async () => {
  await publish('too-late', { expires_at: new Date(Date.now() - 1_000) });
  await publish('nobody-yet', { user: { user_id: 4711, email: null } });
  await bakery.publisher.publishRaw([
    { topic: 'otp.requested', value: Buffer.from('482913'), headers: { ce_id: 'garbage' } },
  ]);
  await whySays('too-late', /too_old/);
  await whySays('nobody-yet', /profile of user 4711/);
  await whySays('garbage', /undecodable.*dead-letters discard/s);

  const unknown = await comms('why', 'never-published');
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('comms_consumer_lag') });
  expect(await comms('why', 'nobody@example.com')).toMatchObject({ code: 1 });
});

it('releases and cancels what the brake holds', async () => {
  const ids = ['first', 'second', 'third'];
  for (const id of ids) {
    await publish(id, { user: { email: 'flood@example.com' } });
    await waitFor(() => bakery.statuses.of(id).length > 0, { what: `${id} to be queued` });
  }
  expect(await whySays('second', /held/)).toMatch(/comms release auth\/verification-code/);
  expect((await comms('release')).stdout).toMatch(/auth\/verification-code +2 /);
  expect(await comms('doctor')).toMatchObject({ stdout: expect.stringMatching(/warning +brake .*2/) });

  const third = bakery.statuses.of('third')[0]?.notification_id ?? '';
  expect(await comms('cancel', third, '--note', 'a test of flood@example.com')).toMatchObject({ code: 0 });
  expect(words(await settled(bakery, 'third'))).toEqual(['QUEUED', 'CANCELLED']);
  expect((await comms('why', third)).stdout).toContain('by an operator: a test of f***@example.com');
  expect(await comms('cancel', third)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('CANCELLED'),
  });

  expect(await comms('release', 'auth/verification-code')).toMatchObject({ code: 1 });
  expect(await comms('release', 'auth/verification-code', '--all')).toMatchObject({
    code: 0,
    stdout: 'released 1 message of auth/verification-code, 0 left\n',
  });
  expect(words(await settled(bakery, 'second'))).toEqual(['QUEUED', 'SENT']);
  expect(bakery.sink.messagesTo('flood@example.com')).toHaveLength(2);
});

it('takes no mistyped rule for one of which nothing waits', async () => {
  const meant = 'There is no rule low-stock-alert. Did you mean inventory/low-stock-alert?';
  for (const line of [
    'release low-stock-alert --all',
    'cancel --rule low-stock-alert',
    'resend --all --reason quota --rule low-stock-alert',
  ]) {
    expect(await comms(...line.split(' '))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(meant),
    });
  }
  expect(await comms('release', 'inventory/nope', '--all', '--json')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/no rule inventory\/nope\. Known are .*inventory\/low-stock-alert/s),
  });
  expect(await comms('release', 'inventory/low-stock-alert', '--all')).toMatchObject({ code: 0 });
  // Of a rule that consumers/ has no more.
  await publish('kept', { user: { email: 'flood@example.com' } });
  await waitFor(() => bakery.statuses.of('kept').length > 0, { what: 'one more to be held' });
  await execute(bakery.databaseUrl, `UPDATE communications_delivery SET rule = 'auth/taken-out'`);
  expect(await comms('cancel', '--rule', 'auth/taken-out', '--dry-run')).toMatchObject({ code: 0 });
});

it('drops no table under a running service', async () => {
  expect(await comms('migrate', 'down', '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Nothing was reverted: under-test is running/),
  });
  expect(await comms('migrate', 'status')).toMatchObject({ code: 0 });
});

it('tells at night that the mail server is away, or that nobody delivers', async () => {
  const night = await openBakery();
  onTestFinished(() => night.close());
  const run = (...args: readonly string[]) => runComms(args, { environment: night.environment });
  const lonely = await startTestService(night, { environment: { EMAIL_PORT: '9' } });
  try {
    await night.publisher.publish('otp.requested', otp(), { id: 'at-night' });
    const told = await waitFor(
      async () => {
        const { stdout } = await run('why', 'at-night');
        return stdout.includes("can't be reached since") && stdout;
      },
      { what: 'comms why to name the mail server', timeoutMs: 30_000, everyMs: 100 },
    );
    expect(told).toMatch(/QUEUED: accepted\.\n.*\(unreachable: .*What to do\n.*EMAIL_HOST/s);
    expect((await run('doctor')).stdout).toMatch(/problem +provider +the mail server can't be reached since/);
  } finally {
    await lonely.stop();
  }
  expect((await run('why', 'at-night')).stdout).toMatch(
    /No instance is running; .*What to do\n.*comms start/s,
  );
  const { code, stdout } = await run('doctor');
  expect(code).toBe(1);
  expect(stdout).toMatch(/problem +service +no instance is running/);
  expect(stdout).toMatch(/queue +1 /);
});
