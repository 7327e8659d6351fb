import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { otp, profile } from '../helpers/sample-events.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { waitFor } from '../helpers/wait-for.js';

describe('the way of an event', () => {
  let bakery: Bakery;
  let service: TestService;
  beforeAll(async () => {
    bakery = await openBakery();
    service = await startTestService(bakery);
  });
  afterAll(async () => {
    await service?.stop();
    await bakery?.close();
  });

  it('ends in an inbox, and its statuses on the bus', async () => {
    const id = await bakery.publisher.publish('otp.requested', otp(), { subject: 'login-7' });
    const statuses = await waitFor(
      () => {
        const read = bakery.statuses.of(id);
        return read.length >= 2 && read;
      },
      { what: 'QUEUED and SENT' },
    );
    expect(statuses.map(({ sequence, status, settled }) => [sequence, status, settled])).toEqual([
      [1, 'QUEUED', false],
      [2, 'SENT', true],
    ]);
    const [mail] = bakery.sink.messagesTo('jane@example.com');
    expect(mail?.notificationId).toBe(statuses[0]?.notification_id);
  });

  it('waits for a profile that comes late', async () => {
    const id = await bakery.publisher.publish(
      'otp.requested',
      otp({ user: { user_id: 71, name: 'Mary Okoth', email: null } }),
    );
    await bakery.publisher.publish('profile.updated', profile({ user_id: 71 }), { key: '71' });
    await waitFor(() => bakery.statuses.of(id).some(({ status }) => status === 'SENT'), { what: 'SENT' });
    expect(bakery.sink.messagesTo('user71@example.com')).toHaveLength(1);
  });
});
