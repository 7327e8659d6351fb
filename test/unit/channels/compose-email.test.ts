import { generateKeyPairSync } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { createEmailComposer } from '../../../src/channels/email/compose-email.js';
import type { EmailMessage } from '../../../src/channels/email-provider.js';
import { verifyDkim } from './verify-dkim.js';

const config = {
  from: { name: 'Bäckerei Chesanto', address: 'hello@chesanto.example' },
  replyTo: null,
  dkim: null,
};
const message: EmailMessage = {
  notificationId: '0197a3c2-7f7e-7c3e-9d6b-1c2d3e4f5a6b',
  to: { address: 'jane@example.com', name: 'Jané Wanjikũ' },
  subject: 'Your order is ready ✓',
  html: '<p>Karibu, Jané</p>',
  text: 'Karibu, Jané',
  template: 'auth_otp',
  rule: 'auth/verification-code',
  audience: 'person',
};
const toRole: EmailMessage = {
  ...message,
  template: 'inventory_low_stock_alert',
  rule: 'inventory/low-stock-alert',
  audience: 'role',
};
/** Unfolded. */
const headers = (raw: string) =>
  raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n');
const nameOf = (header: string) => header.slice(0, header.indexOf(':')).toLowerCase();
const named = (raw: string, name: string) =>
  headers(raw).filter((header) => nameOf(header) === name.toLowerCase());

describe('a composed e-mail', () => {
  it('reads the same at the other end', async () => {
    const raw = await createEmailComposer({ ...config, replyTo: 'orders@chesanto.example' })(message);
    const parsed = await simpleParser(raw);

    expect(parsed.from?.value).toEqual([{ name: config.from.name, address: config.from.address }]);
    expect(parsed.to).toMatchObject({ value: [{ name: 'Jané Wanjikũ', address: 'jane@example.com' }] });
    expect(parsed.replyTo?.value).toMatchObject([{ address: 'orders@chesanto.example' }]);
    expect(parsed.subject).toBe(message.subject);
    expect(parsed.text?.trim()).toBe(message.text);
    expect(parsed.html).toBe(message.html);
    expect(parsed.messageId).toBe(`<${message.notificationId}@chesanto.example>`);
    expect(parsed.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
    expect(Math.abs(Date.now() - (parsed.date?.getTime() ?? 0))).toBeLessThan(60_000);
  });

  it('says what it is, so that nobody answers it by machine, complaints are counted, and no person is named', async () => {
    const raw = (await createEmailComposer(config)(message)).toString();
    expect(headers(raw).slice(2)).toEqual([
      'To: =?UTF-8?Q?Jan=C3=A9_Wanjik=C5=A9?= <jane@example.com>',
      'Subject: =?UTF-8?Q?Your_order_is_ready_=E2=9C=93?=',
      'Message-ID: <0197a3c2-7f7e-7c3e-9d6b-1c2d3e4f5a6b@chesanto.example>',
      'Auto-Submitted: auto-generated',
      'X-Auto-Response-Suppress: OOF, AutoReply',
      'Feedback-ID: auth_otp:auth:person:chesanto',
      'X-Notification-Id: 0197a3c2-7f7e-7c3e-9d6b-1c2d3e4f5a6b',
      'MIME-Version: 1.0',
      expect.stringMatching(/^Content-Type: multipart\/alternative; boundary="[^"]+"$/),
    ]);
  });

  it('lets those who hear of it by their role sort it', async () => {
    const raw = (await createEmailComposer(config)(toRole)).toString();
    expect(named(raw, 'List-Id')).toEqual(['List-Id: <low-stock-alert.inventory.chesanto.example>']);
    expect(named(raw, 'Feedback-ID')).toEqual([
      'Feedback-ID: inventory_low_stock_alert:inventory:role:chesanto',
    ]);
  });

  it('has no Reply-To and no recipient name unless there is one', async () => {
    const raw = await createEmailComposer(config)({ ...message, to: { ...message.to, name: null } });
    expect(named(raw.toString(), 'Reply-To')).toEqual([]);
    expect(named(raw.toString(), 'To')).toEqual(['To: jane@example.com']);
  });

  it('is signed so that a receiver can check it, every header of it', async () => {
    const keys = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const dkim = { domain: 'chesanto.example', selector: 's1', privateKey: keys.privateKey };
    const compose = createEmailComposer({ ...config, replyTo: 'orders@chesanto.example', dkim });
    const raw = (await compose(toRole)).toString('latin1');

    const check = verifyDkim(raw, keys.publicKey);
    expect(check.ok).toBe(true);
    expect(['dkim-signature', ...check.signed].sort()).toEqual(headers(raw).map(nameOf).sort());
    expect(verifyDkim(raw.replace('alert:inventory', 'alert:invented'), keys.publicKey).ok).toBe(false);
  });

  it('is not composed at all with a DKIM key that cannot sign', () => {
    const ed25519 = generateKeyPairSync('ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const withKey = (privateKey: string) => () =>
      createEmailComposer({ ...config, dkim: { domain: 'chesanto.example', selector: 's1', privateKey } });
    expect(withKey(ed25519)).toThrow(/ed25519.*RSA/);
    expect(withKey('-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----')).toThrow(
      /^The DKIM private key cannot be read/,
    );
  });
});
