import { createConnection, type Socket } from 'node:net';
import nodemailer from 'nodemailer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SmtpStage } from '../../helpers/smtp-behaviour.js';
import { type SmtpSink, startSmtpSink } from '../../helpers/smtp-sink.js';
import { waitFor } from '../../helpers/wait-for.js';

let sink: SmtpSink;

beforeEach(async () => {
  sink = await startSmtpSink();
});
afterEach(() => sink.close());

test('records what it accepts: envelope, headers, decoded text', async () => {
  await send({ headers: { 'X-Notification-Id': 'n-1' } });

  const [message] = sink.messagesTo('jane@example.com');
  expect(message?.envelope).toEqual({ from: 'bakery@example.com', to: ['jane@example.com'] });
  expect(message?.notificationId).toBe('n-1');
  expect((await message?.parse())?.text?.trim()).toBe('Grüß dich');
});

test.each([
  ['connect', 421],
  ['auth', 535],
  ['mail', 451],
  ['rcpt', 550],
  ['message', 452],
] as const)('refuses at %s with the reply it was told, once', async (stage, code) => {
  sink.behave({ stage, action: { kind: 'reply', code }, times: 1 });

  await expect(send()).rejects.toMatchObject({ responseCode: code });
  expect(sink.accepted()).toBe(0);
  await send();
  expect(sink.accepted()).toBe(1);
});

test('refuses one recipient and takes the others', async () => {
  sink.behave({ stage: 'rcpt', action: { kind: 'reply', code: 550 }, address: 'bad@example.com' });

  await send();
  await expect(send({ to: 'bad@example.com' })).rejects.toMatchObject({ responseCode: 550 });
});

const stages: readonly SmtpStage[] = [
  'connect',
  'ehlo',
  'auth',
  'mail',
  'rcpt',
  'data',
  'message',
  'accepted',
];

describe.each(stages)('at %s', (stage) => {
  const taken = stage === 'accepted' ? 1 : 0;

  test('a drop ends the attempt, and the message counts only if it was accepted', async () => {
    sink.behave({ stage, action: { kind: 'drop' } });
    await expect(send()).rejects.toThrow();
    expect(sink.accepted()).toBe(taken);
  });

  test('a hang leaves the client waiting on an open connection', async () => {
    const takeBack = sink.behave({ stage, action: { kind: 'hang' } });
    await expect(send({}, 300)).rejects.toThrow(/timeout/i);
    expect(sink.accepted()).toBe(taken);

    takeBack();
    await send();
    expect(sink.accepted()).toBe(taken + 1);
  });

  test('a delay is felt, and the message arrives', async () => {
    sink.behave({ stage, action: { kind: 'delay', ms: 120 } });
    const started = performance.now();
    await send();
    expect(performance.now() - started).toBeGreaterThan(110);
    expect(sink.accepted()).toBe(1);
  });
});

test('drops every open connection on request', async () => {
  const socket: Socket = createConnection(sink.port, '127.0.0.1');
  await waitFor(() => sink.connections().open === 1, { what: 'one connection' });
  sink.dropConnections();
  await waitFor(() => socket.closed || socket.readableEnded, { what: 'the end of the connection' });
  socket.destroy();
});

async function send(
  extra: { to?: string; headers?: Record<string, string> } = {},
  timeoutMs = 5000,
): Promise<void> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: sink.port,
    ignoreTLS: true,
    auth: { user: 'bakery', pass: 'secret' },
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  try {
    await transport.sendMail({
      from: 'bakery@example.com',
      to: 'jane@example.com',
      text: 'Grüß dich',
      ...extra,
    });
  } finally {
    transport.close();
  }
}
