import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReadStatus } from '../../dev/bakery/status-reader.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { otp } from '../helpers/sample-events.js';
import { startTestService, type TestService } from '../helpers/service.js';
import type { Behaviour } from '../helpers/smtp-behaviour.js';
import { execute } from '../helpers/sql.js';
import { waitFor } from '../helpers/wait-for.js';

const steps = (statuses: readonly ReadStatus[]) =>
  statuses.map(({ sequence, status, attempt }) => [sequence, status, attempt]);
const timeOf = ({ headers }: ReadStatus) => Date.parse(headers['ce_time'] ?? '');

describe('a message that can not be sent at once', () => {
  let bakery: Bakery;
  let service: TestService;
  let takeBack: (() => void)[] = [];
  beforeAll(async () => {
    bakery = await openBakery();
    service = await startTestService(bakery);
  });
  afterEach(() => {
    for (const undo of takeBack) undo();
    takeBack = [];
  });
  afterAll(async () => {
    await service?.stop();
    await bakery?.close();
  });

  const behave = (behaviour: Behaviour) => {
    const undo = bakery.sink.behave(behaviour);
    takeBack.push(undo);
    return undo;
  };
  const publish = (email: string, expiresInMs = 600_000) =>
    bakery.publisher.publish(
      'otp.requested',
      otp({ user: { email }, expires_at: new Date(Date.now() + expiresInMs) }),
    );
  const settled = (id: string, timeoutMs = 30_000) =>
    waitFor(
      () => {
        const statuses = bakery.statuses.of(id);
        return statuses.at(-1)?.settled === true && statuses;
      },
      { what: `${id} to be settled`, timeoutMs },
    );

  it('is tried again after 0.1 s, then after 0.3 s', async () => {
    behave({ stage: 'rcpt', action: { kind: 'reply', code: 451 }, address: 'slow@example.com', times: 2 });
    const statuses = await settled(await publish('slow@example.com'));
    expect(steps(statuses)).toEqual([
      [1, 'QUEUED', 0],
      [2, 'RETRYING', 1],
      [3, 'RETRYING', 2],
      [4, 'SENT', 3],
    ]);
    const [, first = 0, second = 0, sent = 0] = statuses.map(timeOf);
    expect(second - first).toBeGreaterThanOrEqual(100);
    expect(sent - second).toBeGreaterThanOrEqual(300);
  });

  it('fails at once when no attempt would help', async () => {
    const action = { kind: 'reply', code: 550, text: '5.1.1 no such user' } as const;
    behave({ stage: 'rcpt', action, address: 'nobody@example.com' });
    const statuses = await settled(await publish('nobody@example.com'));
    expect(steps(statuses)).toEqual([
      [1, 'QUEUED', 0],
      [2, 'FAILED', 1],
    ]);
    expect(statuses.at(-1)?.reason).toBe('bad_address');
  });

  it('is sent again under the same Message-ID, and says so, when the answer was lost', async () => {
    behave({ stage: 'accepted', action: { kind: 'drop' }, address: 'lost@example.com', times: 1 });
    const statuses = await settled(await publish('lost@example.com'));
    expect(steps(statuses)).toEqual([
      [1, 'QUEUED', 0],
      [2, 'UNCONFIRMED', 1],
      [3, 'SENT', 2],
    ]);
    expect(statuses.map((status) => status.possible_duplicate)).toEqual([false, true, true]);
    const ids = bakery.sink.messagesTo('lost@example.com').map(({ headers }) => headers.get('message-id'));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is given up when it would come too late', async () => {
    behave({ stage: 'rcpt', action: { kind: 'reply', code: 451 }, address: 'late@example.com' });
    const statuses = await settled(await publish('late@example.com', 1_500));
    expect(statuses.at(-1)).toMatchObject({ status: 'FAILED', reason: 'expired' });
    expect(bakery.sink.messagesTo('late@example.com')).toEqual([]);
  });

  it('waits for a provider that is away, costs no attempt, and expires meanwhile if it has to', async () => {
    behave({ stage: 'connect', action: { kind: 'drop' } });
    bakery.sink.dropConnections();
    const before = bakery.sink.connections().total;
    const patient = await Promise.all([1, 2, 3, 4, 5].map((n) => publish(`patient${n}@example.com`)));
    const urgent = await publish('urgent@example.com', 3_000);

    const ended = await settled(urgent);
    expect(ended.at(-1)).toMatchObject({ status: 'FAILED', reason: 'expired', attempt: 0 });
    expect((await service.get('/metrics')).body).toMatch(/comms_provider_paused\{.*\} 1/);
    expect((await service.get('/readyz')).body).toContain('unreachable');
    // All five connections at first, then one probe after 0.5 s, 1 s, 2 s …
    expect(bakery.sink.connections().total - before).toBeLessThanOrEqual(8);
    expect(bakery.statuses.of(patient[0] ?? '')).toHaveLength(1);

    for (const undo of takeBack) undo();
    for (const id of patient) {
      expect(steps(await settled(id))).toEqual([
        [1, 'QUEUED', 0],
        [2, 'SENT', 1],
      ]);
    }
    expect((await service.get('/metrics')).body).toMatch(/comms_provider_paused\{.*\} 0/);
  });

  it('leaves no pause behind when it expires and nothing is left to find out with', async () => {
    const undo = behave({ stage: 'connect', action: { kind: 'drop' } });
    bakery.sink.dropConnections();
    const [end] = (await settled(await publish('alone@example.com', 1_500))).slice(-1);
    expect(end).toMatchObject({ status: 'FAILED', reason: 'expired' });
    undo();
    const paused = async () =>
      (await service.get('/metrics')).body.match(/comms_provider_paused\{.*\} (\d)/)?.[1];
    expect(await paused()).toBe('1');
    await waitFor(async () => (await paused()) === '0', { what: 'the pause to end', timeoutMs: 20_000 });
    expect((await service.get('/readyz')).body).toContain('"degraded":[]');
  });
});

describe('what the house itself keeps back', () => {
  let bakery: Bakery;
  beforeAll(async () => {
    bakery = await openBakery();
  });
  afterAll(() => bakery?.close());

  /** Publishes codes for these people to a service with this environment. @returns their last statuses */
  async function endsOf(emails: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const service = await startTestService(bakery, { environment });
    try {
      const ids = await Promise.all(
        emails.map((email) => bakery.publisher.publish('otp.requested', otp({ user: { email } }))),
      );
      return await waitFor(
        () => {
          const ends = ids.map((id) => bakery.statuses.of(id).at(-1));
          return ends.every((end) => end?.settled) && ends;
        },
        { what: 'all to be settled', timeoutMs: 30_000 },
      );
    } finally {
      await service.stop();
    }
  }

  it('in mode sink is recorded as sent, and nobody gets it', async () => {
    const [end] = await endsOf(['jane@example.com'], { DELIVERY_MODE: 'sink' });
    expect(end).toMatchObject({ status: 'SENT', provider: 'sink' });
    expect(bakery.sink.accepted()).toBe(0);
  });

  it('in mode allowlist goes only to who is on it', async () => {
    const environment = { DELIVERY_MODE: 'allowlist', DELIVERY_ALLOWLIST: '@chesanto.example' };
    const [listed, other] = await endsOf(['ann@chesanto.example', 'ben@example.com'], environment);
    expect(listed).toMatchObject({ status: 'SENT' });
    expect(other).toMatchObject({ status: 'REJECTED', reason: 'suppressed' });
    expect(bakery.sink.messages.map(({ envelope }) => envelope.to)).toEqual([['ann@chesanto.example']]);
  });

  it('is refused while its template is switched off', async () => {
    await execute(bakery.databaseUrl, 'UPDATE communications_message_template SET is_active = false');
    const [end] = await endsOf(['jane@example.com']);
    expect(end).toMatchObject({ status: 'REJECTED', reason: 'template_inactive' });
    expect(bakery.sink.messagesTo('jane@example.com')).toEqual([]);
  });
});
