import { afterEach, describe, expect, it, test } from 'vitest';
import type { SmtpConfig } from '../../../src/channels/email/smtp-config.js';
import { createSmtpProvider } from '../../../src/channels/email/smtp-provider.js';
import {
  type Behaviour,
  type Point,
  type Script,
  type ScriptedSmtpServer,
  startScriptedSmtpServer,
} from './scripted-smtp-server.js';
import { emailMessage, eventually, smtpConfig } from './smtp-test-kit.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(script: Script, config: Partial<SmtpConfig> = {}) {
  const server = await startScriptedSmtpServer(script);
  const provider = createSmtpProvider(smtpConfig(server.port, config));
  cleanups.push(server.close, provider.close);
  return { server, provider };
}

const login: Partial<SmtpConfig> = { user: 'chesanto', password: 'hunter2' };
const starttls: Partial<SmtpConfig> = { security: 'starttls' };
const implicit: Partial<SmtpConfig> = { security: 'implicit' };
const hang: Behaviour = { act: 'hang' };
const drop: Behaviour = { act: 'drop' };
const reset: Behaviour = { act: 'reset' };

/** More than the kernel's socket buffers take when nobody reads. */
const huge = emailMessage({ text: 'x'.repeat(12_000_000) });
const EHLO_PIPELINING = '250-test.invalid\r\n250 PIPELINING';

describe('a server that stops answering', () => {
  test.each<[Point, string, Partial<SmtpConfig>?, Script?]>([
    ['connection', 'provider unreachable'],
    ['connection', 'provider unreachable', implicit],
    ['greeting', 'provider unreachable'],
    ['EHLO', 'provider unreachable'],
    ['STARTTLS', 'provider unreachable', starttls],
    ['AUTH', 'provider unreachable', login],
    ['MAIL', 'transient unreachable'],
    ['RCPT', 'transient unreachable'],
    ['DATA', 'transient unreachable'],
    ['DATA', 'transient unreachable', {}, { EHLO: EHLO_PIPELINING }],
    ['end', 'unknown outcome_unknown'],
  ])('at %s is given up at the deadline: %s', async (point, expected, config = {}, script = {}) => {
    const { server, provider } = await start({ ...script, [point]: hang }, config);
    const before = performance.now();
    const outcome = await provider.send(emailMessage(), 150);
    const took = performance.now() - before;

    expect(outcome).toMatchObject({ detail: expect.stringContaining('deadline') });
    expect(`${outcome.kind} ${'reason' in outcome && outcome.reason}`).toBe(expected);
    expect(took).toBeGreaterThan(140);
    expect(took).toBeLessThan(600);
    await eventually('its socket is gone', () => server.open() === 0);
  });

  it('in the middle of a message has not got it: transient', async () => {
    const { server, provider } = await start({ body: { act: 'stop reading' }, EHLO: '250 hello' });
    const outcome = await provider.send(huge, 1500);
    expect(outcome).toMatchObject({ kind: 'transient', reason: 'unreachable' });
    expect(server.messages).toEqual([]);
  });

  it('a reply a byte at a time does not stretch the deadline', async () => {
    const { server, provider } = await start({ MAIL: '250-still\r\n250-busy' });
    const outcome = await provider.send(emailMessage(), 150);
    expect(outcome).toMatchObject({ kind: 'transient', reason: 'unreachable' });
    expect(server.messages).toEqual([]);
  });
});

describe('a server that goes away', () => {
  test.each<[Point, string, Partial<SmtpConfig>?]>([
    ['connection', 'provider unreachable'],
    ['connection', 'provider unreachable', implicit],
    ['greeting', 'provider unreachable'],
    ['EHLO', 'provider unreachable'],
    ['STARTTLS', 'provider unreachable', starttls],
    ['AUTH', 'provider unreachable', login],
    ['MAIL', 'transient unreachable'],
    ['RCPT', 'transient unreachable'],
    ['DATA', 'transient unreachable'],
    ['end', 'unknown outcome_unknown'],
  ])('at %s, politely or by reset: %s', async (point, expected, config = {}) => {
    for (const leaving of [drop, reset]) {
      const { server, provider } = await start({ [point]: leaving }, config);
      const before = performance.now();
      const outcome = await provider.send(emailMessage(), 5000);
      expect(`${outcome.kind} ${'reason' in outcome && outcome.reason}`).toBe(expected);
      expect(performance.now() - before).toBeLessThan(2000);
      expect(server.connections()).toBe(1);
    }
  });

  it('in the middle of a message has not got it: transient', async () => {
    const { provider } = await start({ body: reset, EHLO: '250 hello' });
    expect(await provider.send(huge, 5000)).toMatchObject({
      kind: 'transient',
      reason: 'unreachable',
    });
  });

  it('before the first message is unreachable, and so is a name that does not exist', async () => {
    const { server, provider } = await start({});
    await server.close();
    cleanups.splice(0, 1);
    expect(await provider.send(emailMessage(), 3000)).toMatchObject({
      kind: 'provider',
      reason: 'unreachable',
    });
    const lost = createSmtpProvider(smtpConfig(25, { host: 'no-such-host.invalid' }));
    expect(await lost.send(emailMessage(), 1000)).toMatchObject({
      kind: 'provider',
      reason: 'unreachable',
    });
  });
});

describe('a server that refuses', () => {
  test.each<[Point, string, string, Partial<SmtpConfig>?]>([
    ['greeting', '554 5.7.1 go away', 'provider unreachable'],
    ['greeting', '421 4.7.0 Too many connections', 'provider quota'],
    ['EHLO', '421 4.3.2 shutting down', 'provider unreachable'],
    ['STARTTLS', '454 4.7.0 TLS not available', 'provider unreachable', starttls],
    ['AUTH', '535 5.7.8 bad credentials', 'provider auth_failed', login],
    ['AUTH', '454 4.7.0 temporary failure', 'provider unreachable', login],
    ['AUTH', '421 4.7.0 Too many login attempts', 'provider quota', login],
    ['MAIL', '530 5.7.0 authentication required', 'provider auth_failed'],
    ['MAIL', '550 5.4.5 Daily user sending limit exceeded', 'provider quota'],
    ['MAIL', '421 4.7.28 unusual rate of mail', 'provider quota'],
    ['MAIL', '451 4.3.0 later', 'transient unreachable'],
    ['RCPT', '550 5.1.1 no such user', 'permanent bad_address'],
    ['RCPT', '552 5.2.2 over quota', 'transient mailbox_full'],
    ['RCPT', '451 4.7.1 greylisted', 'transient unreachable'],
    ['RCPT', '421 4.3.2 shutting down', 'transient unreachable'],
    ['DATA', '554 5.7.1 no', 'permanent policy_refused'],
    ['DATA', '421 4.3.2 shutting down', 'transient unreachable'],
    ['end', '554 5.7.1 spam', 'permanent policy_refused'],
    ['end', '550 5.6.0 bad message', 'permanent content_refused'],
    ['end', '550 5.4.5 Daily user sending limit exceeded', 'provider quota'],
    ['end', '451 4.3.0 later', 'transient unreachable'],
    ['end', '421 4.3.2 shutting down', 'transient unreachable'],
    ['end', 'huh?', 'unknown outcome_unknown'],
  ])('at %s with %j: %s, pipelining or not', async (point, reply, expected, config = {}) => {
    for (const ehlo of [{}, point === 'EHLO' ? {} : { EHLO: `${EHLO_PIPELINING}` }]) {
      const { server, provider } = await start({ ...ehlo, [point]: reply }, config);
      const outcome = await provider.send(emailMessage(), 5000);
      expect(`${outcome.kind} ${'reason' in outcome && outcome.reason}`).toBe(expected);
      expect(outcome).toMatchObject({ detail: expect.stringContaining(reply) });
      await eventually('a connection that failed is not kept', () => server.open() === 0);
    }
  });

  it('gets the message over a fresh connection next time', async () => {
    const { server, provider } = await start({
      RCPT: (time) => (time === 1 ? '451 4.7.1 greylisted' : undefined),
    });
    expect((await provider.send(emailMessage(), 5000)).kind).toBe('transient');
    expect((await provider.send(emailMessage(), 5000)).kind).toBe('sent');
    expect([server.connections(), server.messages.length]).toEqual([2, 1]);
  });

  it('a size it announced as too small is content_refused, without trying', async () => {
    const { server, provider } = await start({ EHLO: '250-hello\r\n250 SIZE 100' });
    expect(await provider.send(emailMessage(), 5000)).toMatchObject({
      kind: 'permanent',
      reason: 'content_refused',
    });
    expect(server.commands.some((line) => line.startsWith('MAIL'))).toBe(false);
  });

  it('STARTTLS learns neither the password nor the message', async () => {
    const { server, provider } = await start({}, { ...starttls, ...login });
    expect(await provider.send(emailMessage(), 5000)).toMatchObject({
      kind: 'provider',
      reason: 'unreachable',
    });
    expect(server.commands.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'STARTTLS']);
  });

  it('never sees an address that is none', async () => {
    const { server, provider } = await start({});
    const to = { address: 'jane@example.com>\r\nRCPT TO:<eve@evil.example', name: null };
    expect(await provider.send(emailMessage({ to }), 5000)).toMatchObject({
      kind: 'permanent',
      reason: 'bad_address',
    });
    expect(server.connections()).toBe(0);
  });
});

type Server = ScriptedSmtpServer;
const reached = (server: Server, verb: string) => () => server.commands.some((line) => line.startsWith(verb));

describe('dropping the connections', () => {
  test.each<[Point, string, (server: Server) => () => boolean]>([
    ['greeting', 'transient unreachable', (server) => () => server.connections() === 1],
    ['MAIL', 'transient unreachable', (server) => reached(server, 'MAIL')],
    ['end', 'unknown outcome_unknown', (server) => () => server.messages.length === 1],
  ])('ends a message held at %s at once: %s', async (point, expected, isThere) => {
    const { server, provider } = await start({ [point]: (time: number) => (time === 1 ? hang : undefined) });
    const sending = provider.send(emailMessage(), 60_000);
    await eventually('the server holds it', isThere(server));

    const before = performance.now();
    provider.dropConnections();
    const outcome = await sending;
    expect(performance.now() - before).toBeLessThan(100);
    expect(`${outcome.kind} ${'reason' in outcome && outcome.reason}`).toBe(expected);
    await eventually('the socket is gone', () => server.open() === 0);

    expect((await provider.send(emailMessage(), 5000)).kind).toBe('sent');
  });

  it.each([
    ['the first', 1],
    ['a later', 2],
  ])(
    'still hears what the server has said by then of %s message of a connection that it has whole',
    async (_, nth) => {
      const dropping: (() => void)[] = [];
      const { server, provider } = await start({
        end: (time) => {
          // Once the answer is on its way, and before anybody has read it.
          if (time === nth) {
            process.nextTick(() => {
              for (const drop of dropping) drop();
            });
          }
          return undefined;
        },
      });
      dropping.push(provider.dropConnections);
      for (let sent = 0; sent < nth; sent++) {
        expect((await provider.send(emailMessage(), 5000)).kind).toBe('sent');
      }
      await eventually('the socket is gone', () => server.open() === 0);
      expect((await provider.send(emailMessage(), 5000)).kind).toBe('sent');
    },
  );

  it('includes those that rest', async () => {
    const { server, provider } = await start({});
    await Promise.all([provider.send(emailMessage(), 5000), provider.send(emailMessage(), 5000)]);
    expect(server.open()).toBe(2);
    provider.dropConnections();
    await eventually('no socket is left', () => server.open() === 0);
    expect(server.commands).not.toContain('QUIT');
  });
});
