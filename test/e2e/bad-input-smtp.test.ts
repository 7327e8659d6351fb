import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ReadStatus } from '../../dev/bakery/status-reader.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { otp } from '../helpers/sample-events.js';
import { select } from '../helpers/select.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { settled, words } from '../helpers/settled.js';
import type { Behaviour, SmtpStage } from '../helpers/smtp-behaviour.js';
import { openTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.js';
import { waitFor } from '../helpers/wait-for.js';

const loggedMessage = z.object({
  status: z.string(),
  reason: z.string().nullable(),
  attempts: z.number(),
  possible_duplicate: z.boolean(),
  held: z.boolean(),
});

describe('a mail server', () => {
  let bakery: Bakery;
  let proxy: TcpProxy;
  let service: TestService;
  const misbehaviours: (() => void)[] = [];
  beforeAll(async () => {
    bakery = await openBakery();
    proxy = await openTcpProxy(`smtp://127.0.0.1:${bakery.sink.port}`);
    service = await startTestService(bakery, {
      environment: {
        EMAIL_PORT: String(proxy.port),
        EMAIL_TIMEOUT: '1',
        EMAIL_HOST_USER: 'bakery',
        EMAIL_HOST_PASSWORD: 'any is right',
      },
    });
  });
  afterEach(() => {
    for (const takeBack of misbehaviours.splice(0)) takeBack();
  });
  afterAll(async () => {
    await service?.stop();
    await proxy?.close();
    await bakery?.close();
  });

  let people = 0;
  const person = () => `person${people++}@example.com`;
  const behave = (behaviour: Behaviour) => misbehaviours.push(bakery.sink.behave(behaviour));
  const send = (to: string) => bakery.publisher.publish('otp.requested', otp({ user: { email: to } }));
  const logOf = async (statuses: readonly ReadStatus[]) => {
    const rows = await select(
      bakery.databaseUrl,
      loggedMessage,
      `SELECT l.status, l.reason, l.attempts, l.possible_duplicate, d.due_at IS NOT NULL AND d.due_at = 'infinity' AS held
       FROM communications_email_log l LEFT JOIN communications_delivery d USING (notification_id)
       WHERE l.notification_id = $1`,
      [statuses[0]?.notification_id],
    );
    return rows[0];
  };
  const degradedParts = async () => {
    const { body } = await service.get('/readyz');
    const { ready, degraded } = z
      .object({ ready: z.boolean(), degraded: z.array(z.object({ part: z.string(), why: z.string() })) })
      .parse(JSON.parse(body));
    return { ready, degraded: degraded.map(({ part, why }) => `${part}: ${why}`) };
  };
  /** What comes after still arrives, at the first attempt. */
  const expectGoodOne = async () => {
    expect(words(await settled(bakery, await send(person())))).toEqual(['QUEUED', 'SENT']);
  };

  describe('that refuses this message', () => {
    it.each([
      ['the sender', 'mail', 451],
      ['the recipient', 'rcpt', 450],
      ['the content', 'message', 451],
    ] as const)('for now, at %s, is tried again', async (_what, stage, code) => {
      const to = person();
      behave({ stage, action: { kind: 'reply', code, text: 'later, please' }, times: 1 });
      const statuses = await settled(bakery, await send(to));
      expect(words(statuses)).toEqual(['QUEUED', 'RETRYING', 'SENT']);
      expect(statuses[1]?.reason).toBe('unreachable');
      expect(await logOf(statuses)).toMatchObject({ status: 'SENT', attempts: 2, possible_duplicate: false });
      expect(bakery.sink.messagesTo(to)).toHaveLength(1);
      await expectGoodOne();
    });

    it.each([
      ['the recipient', 'rcpt', 550, '5.1.1 no such user', 'bad_address'],
      ['the recipient by its policy', 'rcpt', 554, '5.7.1 not here', 'policy_refused'],
      ['the content', 'message', 554, '5.6.0 not like this', 'content_refused'],
    ] as const)(
      'for ever, at %s, fails it and keeps it for a resend',
      async (_what, stage, code, text, reason) => {
        const to = person();
        behave({ stage, address: to, action: { kind: 'reply', code, text } });
        const statuses = await settled(bakery, await send(to));
        expect(statuses.map(({ status, reason: why }) => [status, why])).toEqual([
          ['QUEUED', null],
          ['FAILED', reason],
        ]);
        expect(await logOf(statuses)).toMatchObject({ status: 'FAILED', reason, attempts: 1, held: true });
        expect(bakery.sink.messagesTo(to)).toHaveLength(0);
        await expectGoodOne();
      },
    );
  });

  describe('that refuses us', () => {
    it.each([
      ['our sender', 'mail', 550, 'auth_failed'],
      ['our login', 'auth', 535, 'auth_failed'],
      ['our connection', 'connect', 421, 'unreachable'],
    ] as const)('at %s pauses the provider and burns no attempt', async (_what, stage, code, reason) => {
      bakery.sink.dropConnections();
      behave({ stage, action: { kind: 'reply', code, text: 'not you' } });
      await expectPause(reason);
    });

    it('by not listening pauses the provider and burns no attempt', async () => {
      await proxy.cut();
      misbehaviours.push(() => void proxy.restore());
      await expectPause('unreachable');
    });

    async function expectPause(reason: string): Promise<void> {
      const to = [person(), person(), person()];
      const ids = await Promise.all(to.map(send));
      await waitFor(
        async () =>
          (await degradedParts()).degraded.some((part) => part.startsWith(`provider smtp: ${reason}`)),
        { what: `the provider to be paused (${reason})` },
      );
      expect((await degradedParts()).ready).toBe(true);
      const burnt = await select(
        bakery.databaseUrl,
        z.object({ attempts: z.number(), status: z.string() }),
        `SELECT max(l.attempts) AS attempts, min(l.status) AS status FROM communications_email_log l
         JOIN communications_inbox i ON i.id = l.event_ref WHERE i.event_id = ANY($1)`,
        [ids],
      );
      expect(burnt).toEqual([{ attempts: 0, status: 'PENDING' }]);
      for (const takeBack of misbehaviours.splice(0)) takeBack();
      for (const id of ids) {
        const statuses = await settled(bakery, id);
        expect(words(statuses)).toEqual(['QUEUED', 'SENT']);
        expect(await logOf(statuses)).toMatchObject({
          status: 'SENT',
          attempts: 1,
          possible_duplicate: false,
        });
      }
      for (const address of to) expect(bakery.sink.messagesTo(address)).toHaveLength(1);
      await waitFor(async () => (await degradedParts()).degraded.length === 0, {
        what: 'nothing to be degraded',
      });
    }
  });

  describe('that hangs', () => {
    it.each(['connect', 'ehlo', 'auth'] as const)(
      'at %s is left at the deadline and burns no attempt',
      async (stage) => {
        bakery.sink.dropConnections();
        behave({ stage, action: { kind: 'hang' }, times: 1 });
        const statuses = await settled(bakery, await send(person()));
        expect(words(statuses)).toEqual(['QUEUED', 'SENT']);
        expect(await logOf(statuses)).toMatchObject({ status: 'SENT', attempts: 1 });
      },
    );

    it.each(['mail', 'rcpt', 'data'] as const)(
      'at %s is left at the deadline and tried again',
      async (stage) => {
        const to = person();
        behave({ stage, action: { kind: 'hang' }, times: 1 });
        const statuses = await settled(bakery, await send(to));
        expect(words(statuses)).toEqual(['QUEUED', 'RETRYING', 'SENT']);
        expect(await logOf(statuses)).toMatchObject({ attempts: 2, possible_duplicate: false });
        expect(bakery.sink.messagesTo(to)).toHaveLength(1);
      },
    );

    // `message`: it has the content and hasn't taken it. `accepted`: it has taken it and doesn't say so.
    it.each([
      ['message', 1],
      ['accepted', 2],
    ] as const)('when it has the content (%s) leaves the outcome unknown', async (stage, copies) => {
      await expectUnknown(stage, 'hang', copies);
    });
  });

  describe('that drops the connection', () => {
    it('before it has the content is asked again, and nothing is in doubt', async () => {
      const to = person();
      behave({ stage: 'rcpt', address: to, action: { kind: 'drop' }, times: 1 });
      const statuses = await settled(bakery, await send(to));
      expect(statuses.at(-1)).toMatchObject({ status: 'SENT', possible_duplicate: false });
      expect(bakery.sink.messagesTo(to)).toHaveLength(1);
    });

    it.each([
      ['message', 1],
      ['accepted', 2],
    ] as const)('when it has the content (%s) leaves the outcome unknown', async (stage, copies) => {
      await expectUnknown(stage, 'drop', copies);
    });
  });

  async function expectUnknown(stage: SmtpStage, kind: 'hang' | 'drop', copies: number): Promise<void> {
    const to = person();
    behave({ stage, address: to, action: { kind }, times: 1 });
    const statuses = await settled(bakery, await send(to));
    expect(statuses.map(({ status, reason, possible_duplicate: maybe }) => [status, reason, maybe])).toEqual([
      ['QUEUED', null, false],
      ['UNCONFIRMED', 'outcome_unknown', true],
      ['SENT', null, true],
    ]);
    expect(await logOf(statuses)).toMatchObject({ status: 'SENT', attempts: 2, possible_duplicate: true });
    const mails = bakery.sink.messagesTo(to);
    expect(mails).toHaveLength(copies);
    const [id] = new Set(mails.map(({ headers }) => headers.get('message-id')));
    expect(id).toBe(`<${statuses[0]?.notification_id}@bakery.example.com>`);
    expect(new Set(mails.map(({ headers }) => headers.get('message-id'))).size).toBe(1);
    await expectGoodOne();
  }
});
