import { randomBytes } from 'node:crypto';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openBakery } from '../helpers/bakery.js';
import { runComms } from '../helpers/run-comms.js';
import { order } from '../helpers/sample-events.js';
import { startTestService } from '../helpers/service.js';
import { settled } from '../helpers/settled.js';
import { execute, withDatabase } from '../helpers/sql.js';
import { waitFor } from '../helpers/wait-for.js';

/** A database as this one is now, as a backup would have it. */
async function backupOf(url: string): Promise<string> {
  const name = `communications_${randomBytes(6).toString('hex')}`;
  const maintenance = withDatabase(inject('templateDatabaseUrl'), 'postgres');
  await execute(maintenance, `CREATE DATABASE ${name} TEMPLATE ${new URL(url).pathname.slice(1)}`);
  onTestFinished(() => execute(maintenance, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  return withDatabase(url, name);
}

it('brings back what a restored database has lost, flagged, and nothing else', async () => {
  const bakery = await openBakery();
  onTestFinished(() => bakery.close());
  const publish = (id: string, time = new Date()) =>
    bakery.publisher.publish('order.created', order({ customer: { email: `${id}@example.com` } }), {
      id,
      time,
    });
  const inbox = (id: string) => bakery.sink.messagesTo(`${id}@example.com`);

  const before = await startTestService(bakery);
  await publish('before');
  await settled(bakery, 'before');
  await before.stop();
  const restoredUrl = await backupOf(bakery.databaseUrl);

  const after = await startTestService(bakery);
  await publish('after');
  await settled(bakery, 'after');
  await after.stop();
  const lostAt = new Date();
  await publish('meanwhile', new Date(lostAt.getTime() + 1));

  const environment = { ...bakery.environment, DATABASE_URL: restoredUrl };
  const comms = async (...args: readonly string[]) => {
    const run = await runComms(args, { environment });
    expect((run.stdout + run.stderr).split('\n').filter((line) => line.length > 100)).toEqual([]);
    return run;
  };
  for (const channel of ['email', 'sms']) expect(await comms('pause', channel)).toMatchObject({ code: 0 });
  const restored = await startTestService(bakery, { environment: { DATABASE_URL: restoredUrl } });
  onTestFinished(() => restored.stop().then(() => undefined));
  await waitFor(() => bakery.statuses.of('meanwhile').length > 0, {
    what: 'the groups to go on',
    timeoutMs: 30_000,
  });

  const dry = await comms('replay', 'order.created', '--from', '1h', '--dry-run');
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.stdout).toMatch(
    / 1 +would be sent +sales\/order-confirmation\n +1 +left, is QUEUED .*\n +1 +left, is SENT /,
  );
  expect(dry.stdout).toMatch(
    /after \(partition \d, offset \d+, not in the inbox\)\n +would be sent: email to a\*\*\*@/,
  );
  expect(dry.stdout).toContain('Note: email is paused');

  const real = await comms('replay', 'order.created', '--from', '1h');
  expect(real).toMatchObject({ code: 0 });
  expect(real.stdout).toMatch(/1 message will be sent, 2 stay as they are\.\n\n.*\n +1 +on its way /);
  expect(await comms('restored', '--until', lostAt.toISOString())).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/sales\/order-confirmation +email +1/),
  });
  for (const channel of ['email', 'sms']) expect(await comms('resume', channel)).toMatchObject({ code: 0 });

  await waitFor(() => inbox('after').length === 2 && inbox('meanwhile').length === 1, {
    what: 'what was lost to be sent again',
    timeoutMs: 30_000,
  });
  const sent = bakery.statuses.of('after').filter(({ status }) => status === 'SENT');
  expect(sent.map(({ possible_duplicate: flagged }) => flagged)).toEqual([false, true]);
  await settled(bakery, 'meanwhile');
  const again = await comms('replay', 'order.created', '--from', '1h');
  expect(again.stdout).toMatch(/0 messages will be sent, 3 stay as they are\.\n\n.*\n +3 +left, is SENT /);
  expect(inbox('before')).toHaveLength(1);
  expect(inbox('meanwhile')).toHaveLength(1);
});
