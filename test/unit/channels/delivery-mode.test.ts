import { describe, expect, it } from 'vitest';
import { type DeliveryMode, withDeliveryMode } from '../../../src/channels/delivery-mode.js';
import type { EmailMessage, EmailProvider } from '../../../src/channels/email-provider.js';
import { createSinkProvider } from '../../../src/channels/sink-provider.js';
import type { SmsMessage } from '../../../src/channels/sms-provider.js';

const to = (address: string): EmailMessage => ({
  notificationId: '0197a3c2-7f7e-7c3e-9d6b-1c2d3e4f5a6b',
  to: { address, name: null },
  subject: 's',
  html: 'h',
  text: 't',
  template: 'auth_otp',
  rule: 'auth/verification-code',
  audience: 'person',
});

function recordingProvider(): EmailProvider & { readonly addresses: string[]; readonly calls: string[] } {
  const addresses: string[] = [];
  const calls: string[] = [];
  return {
    ...createSinkProvider<EmailMessage>({ all: 5, forHigh: 1 }),
    name: 'recording',
    addresses,
    calls,
    async send(message) {
      addresses.push(message.to.address);
      return { kind: 'sent', providerMessageId: 'real' };
    },
    dropConnections: () => void calls.push('drop'),
    close: async () => void calls.push('close'),
  };
}

const withMode = (provider: EmailProvider, mode: DeliveryMode) =>
  withDeliveryMode(provider, (message) => message.to.address, mode);

describe('the sink', () => {
  it('answers sent to everything', async () => {
    const outcome = await createSinkProvider().send(to('jane@example.com'), 1000);
    expect(outcome).toEqual({
      kind: 'sent',
      providerMessageId: '<0197a3c2-7f7e-7c3e-9d6b-1c2d3e4f5a6b@sink>',
    });
  });
});

describe('delivery mode', () => {
  it('live changes nothing', async () => {
    const real = recordingProvider();
    expect(await withMode(real, { mode: 'live' }).send(to('a@b.example'), 1000)).toMatchObject({
      providerMessageId: 'real',
    });
    expect(real.addresses).toEqual(['a@b.example']);
  });

  it('sink reaches nobody, keeps the number of connections and closes what it stands before', async () => {
    const real = recordingProvider();
    const sink = withMode(real, { mode: 'sink' });
    expect((await sink.send(to('a@b.example'), 1000)).kind).toBe('sent');
    await sink.close();
    expect([sink.name, sink.connections, real.addresses, real.calls]).toEqual([
      'sink',
      { all: 5, forHigh: 1 },
      [],
      ['close'],
    ]);
  });

  it('allowlist lets listed addresses and domains through and suppresses the others for good', async () => {
    const real = recordingProvider();
    const guarded = withMode(real, {
      mode: 'allowlist',
      allowed: ['Jane@Example.com', ' @chesanto.example '],
    });
    const outcomes = await Promise.all(
      [
        'jane@example.com',
        'JANE@example.COM',
        'anyone@Chesanto.example',
        'joe@example.com',
        'anyone@sub.chesanto.example',
        'chesanto.example',
        'x@evil-chesanto.example',
        'jane@example.com.evil.example',
      ].map((address) => guarded.send(to(address), 1000)),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      ...Array(3).fill('sent'),
      ...Array(5).fill('permanent'),
    ]);
    expect(outcomes[3]).toMatchObject({ reason: 'suppressed' });
    expect(real.addresses).toEqual(['jane@example.com', 'JANE@example.COM', 'anyone@Chesanto.example']);

    guarded.dropConnections();
    await guarded.close();
    expect(real.calls).toEqual(['drop', 'close']);
  });

  it('allowlist lets listed numbers through, and no domain by accident', async () => {
    const guarded = withDeliveryMode<SmsMessage>(createSinkProvider(), ({ to }) => to, {
      mode: 'allowlist',
      allowed: [' +254712345678', '@chesanto.example', '8'],
    });
    const kinds = [];
    for (const to of ['+254712345678', '+254712345679', '254712345678', '8', '']) {
      kinds.push((await guarded.send({ notificationId: 'n', to, text: 't' }, 1000)).kind);
    }
    expect(kinds).toEqual(['sent', ...Array(4).fill('permanent')]);
  });

  it('an empty allowlist lets nobody through', async () => {
    const guarded = withMode(recordingProvider(), { mode: 'allowlist', allowed: [''] });
    for (const address of ['a@b.example', '', '@'])
      expect((await guarded.send(to(address), 1000)).kind).toBe('permanent');
  });
});
