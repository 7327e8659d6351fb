import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import { insertNotifications } from '../../src/store/insert-notifications.js';
import { createSeal } from '../../src/store/sealing.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { waitingRows } from '../helpers/log-reader.js';
import { queuedMessage } from '../helpers/queued-message.js';
import { otp } from '../helpers/sample-events.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { waitFor } from '../helpers/wait-for.js';

const QUEUED = 200;
const HOLD_MS = 300;

describe('high priority', () => {
  let bakery: Bakery;
  let service: TestService;
  let database: Database;
  beforeAll(async () => {
    bakery = await openBakery();
    bakery.sink.behave({ stage: 'message', action: { kind: 'delay', ms: HOLD_MS } });
    database = openDatabase({ url: bakery.databaseUrl, poolSize: 1, onError: () => {} });
    service = await startTestService(bakery);
  });
  afterAll(async () => {
    await service?.stop();
    await database?.close();
    await bakery?.close();
  });

  it('overtakes a queue of less urgent messages at a slow provider', async () => {
    const seal = createSeal(parseConfig(bakery.environment).payloadKeys);
    const recipient = (n: number) => `newsletter${n}@example.com`;
    await insertNotifications(
      database,
      Array.from({ length: QUEUED }, (_, n) =>
        queuedMessage({ seal, priority: 'medium', recipient: recipient(n) }),
      ),
    );
    await waitFor(() => bakery.sink.accepted() >= 6, { what: 'the queue to move' });

    const waits: number[] = [];
    for (let n = 0; n < 5; n++) {
      const email = `code${n}@example.com`;
      const asked = Date.now();
      await bakery.publisher.publish('otp.requested', otp({ user: { email } }));
      await waitFor(() => bakery.sink.messagesTo(email).length > 0, { what: 'the code' });
      waits.push(Date.now() - asked);
    }
    expect(await waitingRows(bakery.databaseUrl)).toBeGreaterThan(QUEUED / 4);
    const [, , median = Number.POSITIVE_INFINITY] = waits.sort((a, b) => a - b);
    console.log(`codes accepted after ${waits.join(', ')} ms, ${HOLD_MS} of them the mail server's`);
    expect(median).toBeLessThan(1_000);
  });
});
