import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
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
};
const header = (raw: string, name: string) =>
  raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .split(/\r\n(?![ \t])/)
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));

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
    expect(parsed.headers.get('x-notification-id')).toBe(message.notificationId);
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(parsed.headers.get('feedback-id')).toBe('auth_otp:chesanto');
    expect(parsed.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
    expect(Math.abs(Date.now() - (parsed.date?.getTime() ?? 0))).toBeLessThan(60_000);
  });

  it('has no Reply-To and no recipient name unless there is one', async () => {
    const raw = await createEmailComposer(config)({ ...message, to: { ...message.to, name: null } });
    expect(header(raw.toString(), 'Reply-To')).toEqual([]);
    expect(header(raw.toString(), 'To')).toEqual(['To: jane@example.com']);
  });

  it('is 7-bit, with no line over 998 characters, whatever the text', async () => {
    const long = `${'très-long'.repeat(500)} ${'x'.repeat(5000)}`;
    const raw = await createEmailComposer(config)({
      ...message,
      subject: long,
      text: long,
      html: `<p>${long}</p>`,
    });
    expect(raw.toString('latin1')).toMatch(/^[\r\n\t -~]*$/);
    expect(raw.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]/);
    for (const line of raw.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
    const parsed = await simpleParser(raw);
    expect(parsed.subject).toBe(long);
    expect(parsed.text?.trim()).toBe(long);
  });

  it('lets no name, subject or template bring in a header or a recipient', async () => {
    const compose = createEmailComposer(config);
    const hostile = fc.oneof(
      fc.constantFrom(
        'Jane\r\nBcc: eve@evil.example',
        'Jane\nBcc: eve@evil.example\n\nbody',
        'Jane\rBcc: eve@evil.example',
        '"Jane" <eve@evil.example>, Joe',
        'eve@evil.example>, <x@evil.example',
        'Jane\u2028Bcc: eve@evil.example\u0085Cc: eve@evil.example',
      ),
      fc.string({
        unit: fc.constantFrom('\r', '\n', ':', '"', '<', '>', '\\', ',', ';', 'a', 'é', '\0', '\u2028'),
      }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (name, subject) => {
        const raw = await compose({ ...message, to: { ...message.to, name }, subject, template: subject });
        const parsed = await simpleParser(raw);
        expect([...parsed.headers.keys()].sort()).toEqual(
          [...EXPECTED_HEADERS, ...(parsed.headers.has('subject') ? ['subject'] : [])].sort(),
        );
        expect(parsed.to).toMatchObject({ value: [{ address: 'jane@example.com' }] });
        expect(parsed.text?.trim()).toBe(message.text);
      }),
      { numRuns: 200 },
    );
  });

  it('is signed so that a receiver can check it, Feedback-ID and Auto-Submitted included', async () => {
    const keys = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const dkim = { domain: 'chesanto.example', selector: 's1', privateKey: keys.privateKey };
    const raw = (await createEmailComposer({ ...config, dkim })(message)).toString('latin1');

    const check = verifyDkim(raw, keys.publicKey);
    expect(check.ok).toBe(true);
    expect(check.signed).toEqual(
      expect.arrayContaining([
        'from',
        'to',
        'subject',
        'date',
        'message-id',
        'feedback-id',
        'auto-submitted',
      ]),
    );
    expect(verifyDkim(raw.replace('auth_otp:', 'auth_otq:'), keys.publicKey).ok).toBe(false);
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

const EXPECTED_HEADERS = [
  'auto-submitted',
  'content-type',
  'date',
  'feedback-id',
  'from',
  'message-id',
  'mime-version',
  'to',
  'x-notification-id',
];
