import { describe, expect, it } from 'vitest';
import { accountFor } from '../helpers/accounting.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { publishOtps } from '../helpers/publish-otps.js';
import { type ServiceProcess, startServiceProcess } from '../helpers/service-process.js';
import { waitFor } from '../helpers/wait-for.js';

const sentBy = (service: ServiceProcess): number =>
  service.logged('attempt recorded').filter(({ ['status']: status }) => status === 'SENT').length;

/** Its log tells of each attempt. */
const startTelling = (bakery: Bakery, instance: string): ServiceProcess =>
  startServiceProcess(bakery, { instance, environment: { LOG_LEVEL: 'debug' } });

describe('two instances', () => {
  it('share the work', async () => {
    const bakery = await openBakery();
    const services = ['one', 'two'].map((instance) => startTelling(bakery, instance));
    try {
      await Promise.all(services.map(({ ready }) => ready));
      const ids = await publishOtps(bakery, 400);
      const outcome = await accountFor(bakery, ids);
      expect(outcome).toMatchObject({ mails: 400, lost: [], doubled: [], flagged: [], faults: [] });
      const shares = services.map(sentBy);
      console.log(`shares of 400 messages: ${shares.join(' and ')}`);
      for (const share of shares) expect(share).toBeGreaterThan(0);
    } finally {
      await Promise.all(services.map((service) => service.kill()));
      await bakery.close();
    }
  });

  it('are joined by a third and left by the first under load without a loss, a double or a flag', async () => {
    const bakery = await openBakery();
    bakery.sink.behave({ stage: 'message', action: { kind: 'delay', ms: 10 } });
    const started: ServiceProcess[] = [];
    const start = (instance: string) => {
      const service = startTelling(bakery, instance);
      started.push(service);
      return service;
    };
    try {
      const [first, second] = [start('first'), start('second')];
      await Promise.all([first.ready, second.ready]);

      const mails = (count: number) =>
        waitFor(() => bakery.sink.accepted() >= count, { what: `${count} mails`, timeoutMs: 60_000 });
      const ids: string[] = [];
      let publish = true;
      const publishing = (async () => {
        while (publish) {
          ids.push(...(await publishOtps(bakery, 20, ids.length)));
          // A queue that never empties, and never more than is sent in a moment.
          await mails(ids.length - 60);
        }
      })();
      await mails(40);
      const third = start('third');
      await third.ready;
      await mails(bakery.sink.accepted() + 40);
      first.send('SIGTERM');
      expect(await first.ended).toEqual({ code: 0, signal: null });
      await mails(bakery.sink.accepted() + 40);
      publish = false;
      await publishing;

      const outcome = await accountFor(bakery, ids);
      expect(outcome).toMatchObject({ mails: ids.length, lost: [], doubled: [], flagged: [], faults: [] });
      console.log(`${ids.length} messages: ${started.map(sentBy).join(', ')}`);
      expect(sentBy(third)).toBeGreaterThan(0);
    } finally {
      await Promise.all(started.map((service) => service.kill()));
      await bakery.close();
    }
  });
});
