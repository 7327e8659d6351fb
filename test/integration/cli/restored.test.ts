import { beforeAll, expect, it } from 'vitest';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { insertPause } from '../../../src/store/pauses.js';
import type { PausedProvider } from '../../../src/store/provider-pauses.js';
import { beat, registerWorker } from '../../../src/store/worker.js';
import { runComms } from '../../helpers/run-comms.js';
import { queueKit } from '../delivery/queue-kit.js';

const kit = queueKit();
const worker = { workerId: uuidv7(), epoch: 1 };
const restored = async (...more: readonly string[]) => {
  const run = await runComms(['restored', '--until', '2100-01-01T00:00:00+03:00', ...more], {
    environment: { DATABASE_URL: kit.store.url },
  });
  return { ...run, stderr: run.stderr.replaceAll(/\s+/g, ' ') };
};
const says = async (...channels: ReadonlyArray<'email' | 'sms'>) => {
  const stopped = channels.map(
    (channel): PausedProvider => ({
      ...{ channel, provider: channel === 'email' ? 'smtp' : 'sink', reason: 'held', answer: '' },
      since: new Date(),
      byPeople: { what: channel, who: 'amina' },
    }),
  );
  // It is not there to go on beating.
  await beat(kit.store.database, worker, stopped);
  await kit.store.database.run(`UPDATE communications_worker SET beat_at = now() + interval '10 minutes'`);
};
beforeAll(() => registerWorker(kit.store.database, worker, 'one', 5));

it('flags nothing before every instance says that it has stopped, and nothing is on the wire', {
  timeout: 120_000,
}, async () => {
  await kit.queued();
  await says();
  expect(await restored()).toMatchObject({ code: 1, stderr: expect.stringContaining('"comms pause email"') });

  for (const what of ['email', 'sms']) await insertPause(kit.store.database, { what, note: '', by: 'amina' });
  await says('email');
  expect(await restored()).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('sms is paused, but one did not say'),
  });

  await says('email', 'sms');
  const claimed = await kit.queued();
  await kit.claim(claimed);
  expect(await restored()).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('1 message of email is still on the wire'),
  });

  await kit.store.database.run(
    'UPDATE communications_delivery SET claimed_by = NULL, claimed_epoch = NULL, claimed_at = NULL, claim_id = NULL',
  );
  const ofAll = expect.stringMatching(/auth\/verification-code +email +2/);
  expect(await restored('--dry-run')).toMatchObject({ code: 0, stdout: ofAll });
  expect(await restored()).toMatchObject({ code: 0, stdout: ofAll });
  expect(await restored()).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing waits') });
});
