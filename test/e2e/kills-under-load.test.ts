import { describe, expect, it } from 'vitest';
import { accountFor } from '../helpers/accounting.js';
import { openBakery } from '../helpers/bakery.js';
import { publishOtps } from '../helpers/publish-otps.js';
import { type ServiceProcess, startServiceProcess } from '../helpers/service-process.js';
import { waitFor } from '../helpers/wait-for.js';

const EVENTS = 300;
const CONNECTIONS = 5;

describe('one of two instances killed under load', () => {
  it('loses and doubles nothing, and flags at most what was on its connections', async () => {
    const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000);
    const afterMails = 20 + (seed % (EVENTS - 70));
    console.log(`KILL_SEED=${seed}: instance ${seed % 2} is killed after ${afterMails} mails`);

    const bakery = await openBakery();
    // Otherwise so few are left to hit that the kill comes after the last of them.
    bakery.sink.behave({ stage: 'message', action: { kind: 'delay', ms: 20 } });
    const started: ServiceProcess[] = [];
    const start = (instance: string) => {
      const environment = { EMAIL_MAX_CONNECTIONS: String(CONNECTIONS) };
      const service = startServiceProcess(bakery, { instance, environment });
      started.push(service);
      return service;
    };
    try {
      const instances = [start('zero'), start('one')];
      await Promise.all(instances.map(({ ready }) => ready));
      const publishing = publishOtps(bakery, EVENTS);
      await waitFor(() => bakery.sink.accepted() >= afterMails, {
        what: `${afterMails} mails`,
        timeoutMs: 60_000,
        everyMs: 1,
      });
      const victim = instances[seed % 2];
      await victim?.kill();
      const left = EVENTS - bakery.sink.accepted();
      expect(left).toBeGreaterThan(0);
      start('again');

      const outcome = await accountFor(bakery, await publishing);
      expect(outcome).toMatchObject({ lost: [], doubled: [], faults: [] });
      expect(outcome.flagged.length).toBeLessThanOrEqual(CONNECTIONS);
    } finally {
      await Promise.all(started.map((service) => service.kill()));
      await bakery.close();
    }
  });
});
