import { describe, expect, it } from 'vitest';
import { accountFor } from '../helpers/accounting.js';
import { openBakery } from '../helpers/bakery.js';
import { claimsOfInstance, readWorkers } from '../helpers/log-reader.js';
import { publishOtps } from '../helpers/publish-otps.js';
import { startServiceProcess } from '../helpers/service-process.js';
import { waitFor } from '../helpers/wait-for.js';

const HOLD_MS = 10_000;

describe('a process that stands still for longer than its claims are kept', () => {
  it('is taken for dead, is refused its late result, and goes on under a new epoch', async () => {
    const bakery = await openBakery();
    // Longer than the hold, so that no attempt ends but by the answer.
    const environment = { EMAIL_TIMEOUT: '30' };
    const frozen = startServiceProcess(bakery, { instance: 'frozen', environment });
    const heir = startServiceProcess(bakery, { instance: 'heir', environment });
    /** What an instance has under way and the mail server has taken `times` times, without having said so. */
    const unanswered = async (instance: string, times: number) => {
      const claimed = await claimsOfInstance(bakery.databaseUrl, instance);
      const came = bakery.sink.messages.map(({ notificationId }) => notificationId);
      return claimed.filter((id) => came.filter((other) => other === id).length === times);
    };
    try {
      await Promise.all([frozen.ready, heir.ready]);
      const answer = bakery.sink.behave({ stage: 'accepted', action: { kind: 'delay', ms: HOLD_MS } });
      const ids: string[] = [];
      // Whose claim a message becomes is chance.
      await waitFor(
        async () => {
          ids.push(...(await publishOtps(bakery, 1, ids.length)));
          return (await unanswered('frozen', 1)).length > 0;
        },
        { what: 'a message of the one to be frozen', timeoutMs: 60_000, everyMs: 200 },
      );
      frozen.send('SIGSTOP');
      const worker = (await readWorkers(bakery.databaseUrl)).find(({ instance }) => instance === 'frozen');
      if (worker === undefined) throw new Error('the frozen one is no worker');
      const held = await claimsOfInstance(bakery.databaseUrl, 'frozen');

      // Its late result then meets a row that is under way, not one that is gone.
      await waitFor(async () => (await unanswered('heir', 2)).length > 0, {
        what: 'the other one to have taken a message over',
        timeoutMs: 60_000,
        everyMs: 100,
      });
      answer();
      frozen.send('SIGCONT');
      await waitFor(
        async () =>
          (await readWorkers(bakery.databaseUrl)).some(({ id, epoch }) => id === worker.id && epoch === 2),
        { what: 'it to come back under the next epoch', timeoutMs: 30_000 },
      );
      await waitFor(
        () => frozen.logged('a result came too late: another instance has taken the message over').length > 0,
        { what: 'the late result to be refused', timeoutMs: 30_000 },
      );

      const outcome = await accountFor(bakery, ids);
      expect(outcome).toMatchObject({ lost: [], doubled: [], faults: [] });
      expect(outcome.flagged.length).toBeGreaterThan(0);
      expect(held).toEqual(expect.arrayContaining([...outcome.flagged]));
      expect(outcome.cameTwice.length).toBeGreaterThan(0);

      // It works again as if nothing had been.
      await heir.kill();
      const more = await publishOtps(bakery, 2, ids.length);
      expect(await accountFor(bakery, [...ids, ...more])).toMatchObject({
        lost: [],
        doubled: [],
        faults: [],
      });
    } finally {
      await Promise.all([frozen.kill(), heir.kill()]);
      await bakery.close();
    }
  });
});
