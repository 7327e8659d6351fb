import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it, test } from 'vitest';
import type { SmtpConfig } from '../../../src/channels/email/smtp-config.js';
import { createSmtpProvider, reservedForHigh } from '../../../src/channels/email/smtp-provider.js';
import type { SmtpSlotLimits } from '../../../src/channels/email/smtp-slot.js';
import { type Script, startScriptedSmtpServer } from './scripted-smtp-server.js';
import { emailMessage, eventually, smtpConfig } from './smtp-test-kit.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(
  script: Script = {},
  config: Partial<SmtpConfig> = {},
  limits: Partial<SmtpSlotLimits> = {},
) {
  const server = await startScriptedSmtpServer(script);
  const provider = createSmtpProvider(smtpConfig(server.port, config), limits);
  cleanups.push(server.close, provider.close);
  return { server, provider };
}

/** A complete SMTP server by other people, with the self-signed certificate that comes with it. */
async function startRealServer(options: SMTPServerOptions) {
  const received: { raw: Buffer; secure: boolean; user: string | undefined; to: string[] }[] = [];
  const server = new SMTPServer({
    ...options,
    onAuth: ({ username, password }, _session, done) =>
      username === 'chesanto' && password === 'hunter2'
        ? done(null, { user: username })
        : done(new Error('no')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({
          raw: Buffer.concat(chunks),
          secure: session.secure,
          user: session.user === undefined ? undefined : String(session.user),
          to: session.envelope.rcptTo.map(({ address }) => address),
        });
        done();
      });
    },
  });
  server.on('error', () => {});
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, received };
}

describe('a message', () => {
  test.each<[SmtpConfig['security'], SMTPServerOptions]>([
    ['none', { hideSTARTTLS: true, allowInsecureAuth: true }],
    ['starttls', {}],
    ['implicit', { secure: true }],
  ])('arrives as composed, logged in, with security %s', async (security, options) => {
    const { port, received } = await startRealServer(options);
    const login = { user: 'chesanto', password: 'hunter2' };
    const provider = createSmtpProvider(
      smtpConfig(port, { ...login, security, tlsRejectUnauthorized: false }),
    );
    cleanups.push(provider.close);
    const message = emailMessage({
      to: { address: 'jane@example.com', name: 'Jané' },
      text: '.\r\n..dots\r\n.\r\n',
      html: `<p>${'über '.repeat(20_000)}</p>`,
    });

    const messageId = `<${message.notificationId}@chesanto.example>`;
    expect(await provider.send(message, 5000)).toEqual({
      kind: 'sent',
      providerMessageId: messageId,
    });

    const [mail] = received;
    expect(mail).toMatchObject({
      secure: security !== 'none',
      user: 'chesanto',
      to: ['jane@example.com'],
    });
    const parsed = await simpleParser(mail?.raw ?? '');
    expect(parsed.messageId).toBe(messageId);
    expect(parsed.html).toBe(message.html);
    expect(parsed.text).toBe('.\n..dots\n.\n');

    const small = emailMessage({ text: 'Karibu\n.\nsana', html: '<p>Karibu</p>' });
    expect((await provider.send(small, 5000)).kind).toBe('sent');
    const second = await simpleParser(received[1]?.raw ?? '');
    expect([second.text, second.html]).toEqual(['Karibu\n.\nsana', '<p>Karibu</p>']);
    expect(received).toHaveLength(2);
  });

  test.each<[SmtpConfig['security'], SMTPServerOptions]>([
    ['starttls', {}],
    ['implicit', { secure: true }],
  ])('does not go to a host without a valid certificate, local or not (%s)', async (security, options) => {
    const { port, received } = await startRealServer(options);
    const provider = createSmtpProvider(smtpConfig(port, { security, host: 'localhost' }));
    cleanups.push(provider.close);
    expect(await provider.send(emailMessage(), 5000)).toMatchObject({
      kind: 'provider',
      reason: 'unreachable',
      detail: expect.stringMatching(/certificate/),
    });
    expect(received).toEqual([]);
  });

  it('goes in plain text where that is configured, also if the server could do better', async () => {
    const { server, provider } = await start({ EHLO: '250-hello\r\n250 STARTTLS' });
    expect((await provider.send(emailMessage(), 5000)).kind).toBe('sent');
    expect(server.commands).not.toContain('STARTTLS');
  });

  it('with the wrong password is held back by auth_failed, and the password is not told', async () => {
    const { port } = await startRealServer({ hideSTARTTLS: true, allowInsecureAuth: true });
    const provider = createSmtpProvider(smtpConfig(port, { user: 'chesanto', password: 'wrong-secret' }));
    cleanups.push(provider.close);
    const outcome = await provider.send(emailMessage(), 5000);
    expect(outcome).toMatchObject({ kind: 'provider', reason: 'auth_failed' });
    expect(JSON.stringify(outcome)).not.toContain('wrong-secret');
  });
});

describe('an envelope', () => {
  it('has international domains in the form every server knows, and the size of the message', async () => {
    const { server, provider } = await start();
    const to = { address: 'jane@Bäckerei.example', name: null };
    expect((await provider.send(emailMessage({ to }), 5000)).kind).toBe('sent');
    expect(server.commands).toContain('RCPT TO:<jane@xn--bckerei-5wa.example>');
    const size = (server.messages[0] ?? '').length;
    expect(server.commands).toContain(`MAIL FROM:<hello@chesanto.example> SIZE=${size}`);
  });
});

it('a message has its own deadline, and not one of those before it', async () => {
  const { provider } = await start({ end: (time) => (time > 1 ? { act: 'hang' } : undefined) });
  expect((await provider.send(emailMessage(), 100)).kind).toBe('sent');
  const began = performance.now();
  expect((await provider.send(emailMessage(), 600)).kind).toBe('unknown');
  expect(performance.now() - began).toBeGreaterThan(550);
});

describe('a connection', () => {
  it('is opened by the first message and serves those after it', async () => {
    const { server, provider } = await start();
    expect(server.connections()).toBe(0);
    for (let n = 0; n < 5; n += 1) expect((await provider.send(emailMessage(), 5000)).kind).toBe('sent');
    expect([server.connections(), server.messages.length]).toEqual([1, 5]);
  });

  it('is left with QUIT after its share of messages', async () => {
    const { server, provider } = await start({}, {}, { messagesPerConnection: 2 });
    for (let n = 0; n < 5; n += 1) await provider.send(emailMessage(), 5000);
    expect([server.connections(), server.messages.length]).toEqual([3, 5]);
    await eventually('both are closed', () => server.open() === 1);
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(2);
  });

  it('is left with QUIT when nobody has used it for a while', async () => {
    const { server, provider } = await start({}, {}, { idleMs: 30 });
    await provider.send(emailMessage(), 5000);
    await eventually('it is closed', () => server.open() === 0);
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  test.each<[string, Script]>([
    ['closes without a word', { MAIL: (time) => (time === 2 ? { act: 'drop' } : undefined) }],
    ['resets', { MAIL: (time) => (time === 2 ? { act: 'reset' } : undefined) }],
    ['says 421', { MAIL: (time) => (time === 2 ? '421 4.4.2 too many messages here' : undefined) }],
  ])('that the server %s when it is used again costs the message nothing', async (_how, script) => {
    const { server, provider } = await start(script);
    await provider.send(emailMessage(), 5000);
    expect((await provider.send(emailMessage(), 5000)).kind).toBe('sent');
    expect([server.connections(), server.messages.length]).toEqual([2, 2]);
  });

  it('that was lost after a message was handed over is not tried again', async () => {
    const { server, provider } = await start({ end: (time) => (time === 2 ? { act: 'drop' } : undefined) });
    await provider.send(emailMessage(), 5000);
    expect((await provider.send(emailMessage(), 5000)).kind).toBe('unknown');
    expect([server.connections(), server.messages.length]).toEqual([1, 2]);
  });
});

describe('the connections', () => {
  it.each([
    [2, 1],
    [3, 1],
    [5, 2],
    [10, 3],
  ])('of %i keep %i for high priority', (total, high) => {
    expect(reservedForHigh(total)).toBe(high);
  });

  it('are two at least', () => {
    for (const total of [1, 0, -1, 2.5]) {
      expect(() => createSmtpProvider(smtpConfig(25, { maxConnections: total }))).toThrow(
        /EMAIL_MAX_CONNECTIONS/,
      );
    }
  });

  it('are no more than allowed, and whoever finds none is told in time', async () => {
    // The first three reach the final dot and stay there.
    const { server, provider } = await start(
      { end: (time) => (time <= 3 ? { act: 'hang' } : undefined) },
      { maxConnections: 3 },
    );
    expect(provider.connections).toEqual({ all: 3, forHigh: 1 });
    const stuck = [600, 600, 600, 300].map((ms) => provider.send(emailMessage(), ms));
    const kinds = (await Promise.all(stuck)).map(({ kind }) => kind);
    expect(kinds).toEqual(['unknown', 'unknown', 'unknown', 'transient']);
    expect(server.connections()).toBe(3);
  });

  it('give a freed connection to whoever waits, and carry many messages at once', async () => {
    const { server, provider } = await start({}, { maxConnections: 4 });
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => provider.send(emailMessage(), 5000)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['sent']));
    expect(server.messages).toHaveLength(60);
    expect(server.connections()).toBe(4);
  });
});

describe('closing', () => {
  it('lets what is under way end, says QUIT, and takes nothing new', async () => {
    const { server, provider } = await start();
    const [, last] = [provider.send(emailMessage(), 5000), provider.send(emailMessage(), 5000)];
    await provider.close();
    expect((await last).kind).toBe('sent');
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(2);
    await eventually('no socket is left', () => server.open() === 0);
    expect(await provider.send(emailMessage(), 5000)).toMatchObject({ kind: 'transient' });
  });

  it('waits a second and no longer for a server that does not say goodbye', async () => {
    const { server, provider } = await start({ QUIT: { act: 'hang' } });
    await provider.send(emailMessage(), 5000);
    const before = performance.now();
    await provider.close();
    const took = performance.now() - before;
    expect(took).toBeGreaterThan(900);
    expect(took).toBeLessThan(1_500);
    await eventually('no socket is left', () => server.open() === 0);
  });
});
